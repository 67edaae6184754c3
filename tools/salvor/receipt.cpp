#include "tools/salvor/receipt.hpp"

#include <fmt/core.h>

#include "core/report/seal.hpp"
#include "formats/base/mapped_file.hpp"
#include "formats/text/escape.hpp"
#include "tools/salvor/progress.hpp"

namespace salvor::tool {
namespace {

Result<seal::Receipt> read_receipt(const std::string& path) {
    SALVOR_TRY(const auto file, MappedFile::open(path));
    auto receipt = seal::parse_receipt(file.bytes());
    if (receipt) return receipt;
    return fail(receipt.error().code, "{}: {}", path, receipt.error().message);
}

Result<void> check_signer(const seal::Receipt& receipt, const ReceiptArguments& arguments) {
    if (arguments.public_key.empty()) return {};
    SALVOR_TRY(const auto file, MappedFile::open(arguments.public_key));
    auto key = envelope::parse_public_key(file.bytes());
    if (!key) return fail(key.error().code, "{}: {}", arguments.public_key, key.error().message);
    if (receipt.signed_by == *key) return {};
    return fail(ErrorCode::refused, "{} is signed by {}, not by {}", arguments.file,
                receipt.signed_by ? envelope::ssh_public_key(*receipt.signed_by) : "nobody",
                arguments.public_key);
}

/// A receipt that is forged, or another's, proves nothing: the answer is no. Error: refused then.
Result<seal::Receipt> trusted_receipt(const ReceiptArguments& arguments) {
    SALVOR_TRY(auto receipt, read_receipt(arguments.file));
    SALVOR_CHECK(check_signer(receipt, arguments));
    return receipt;
}

Answer say_no(const std::string& source, Format format, const char* verdict,
              const std::string& why) {
    if (format == Format::json) {
        fmt::print("{}", report::changed_json(source, why));
    } else {
        fmt::print("{}: {}: {}\n", text::escape(source), verdict, why);
    }
    return Answer::no;
}

}  // namespace

void add_receipt(CLI::App& app, ReceiptArguments& arguments) {
    add_option(app, "--receipt", "FILE", arguments.file,
               "of a sealed SOURCE: whether it is what this receipt is of, without opening it");
    add_option(app, "--receipt-key", "FILE", arguments.public_key,
               "the public key by which that receipt has to be signed");
}

Result<Answer> verify_by_receipt(const std::vector<std::string>& sources,
                                 const ReceiptArguments& arguments, Format format) {
    if (sources.size() > 1)
        return fail(ErrorCode::usage, "--receipt is of one sealed file, not of {}", sources.size());
    const auto& source = sources.front();
    const auto trusted = trusted_receipt(arguments);
    if (!trusted && trusted.error().code == ErrorCode::refused)
        return say_no(source, format, "NOT PROVEN", trusted.error().message);
    if (!trusted) return std::unexpected(trusted.error());
    const auto& receipt = *trusted;
    SALVOR_TRY(const auto file, MappedFile::open(source));
    const auto unchanged = [&] {
        const Progress progress("reading " + source);
        return seal::check(file.bytes(), receipt);
    }();
    SALVOR_CHECK(file.intact());
    if (!unchanged) return say_no(source, format, "CHANGED", unchanged.error().message);
    fmt::print("{}", format == Format::json
                         ? report::receipt_json(source, receipt)
                         : report::receipt_text(source, receipt, !arguments.public_key.empty()));
    return receipt.manifest.backup == "sound" ? Answer::yes : Answer::no;
}

}  // namespace salvor::tool
