#include "tools/salvor/commands/seal.hpp"

#include <fmt/core.h>

#include <chrono>

#include "core/report/seal.hpp"
#include "formats/base/interrupt.hpp"
#include "formats/envelope/compress.hpp"
#include "tools/salvor/key_file.hpp"
#include "tools/salvor/new_file.hpp"
#include "tools/salvor/on_source.hpp"
#include "tools/salvor/opening.hpp"
#include "tools/salvor/options.hpp"
#include "tools/salvor/progress.hpp"
#include "tools/salvor/recipients.hpp"

namespace salvor::tool::seal {
namespace {

struct Arguments {
    std::string source;
    std::string to;
    RecipientArguments recipients;
    std::uint64_t level = envelope::usual_zstd_level;
    std::optional<std::string> receipt, sign_key;
    bool force = false;
    Format format = Format::text;
};

Result<void> check(const Arguments& arguments) {
    SALVOR_CHECK(check_new_file(arguments.to, arguments.source,
                                "--to FILE is where the sealed backup goes"));
    if (arguments.level < envelope::least_zstd_level || arguments.level > envelope::most_zstd_level)
        return fail(ErrorCode::usage, "--level {}: zstd has {} to {}", arguments.level,
                    envelope::least_zstd_level, envelope::most_zstd_level);
    if (arguments.sign_key && !arguments.receipt)
        return fail(ErrorCode::usage, "--sign-key signs a receipt: name one by --receipt FILE");
    return {};
}

Result<std::optional<envelope::SigningKey>> signing_key(const Arguments& arguments) {
    std::optional<envelope::SigningKey> key;
    if (!arguments.sign_key) return key;
    SALVOR_TRY(const auto file, open_key_file(*arguments.sign_key));
    auto read = envelope::SigningKey::parse(file.bytes());
    if (!read) return fail(read.error().code, "{}: {}", *arguments.sign_key, read.error().message);
    key = *std::move(read);
    return key;
}

std::int64_t now() {
    using namespace std::chrono;
    return duration_cast<seconds>(system_clock::now().time_since_epoch()).count();
}

Result<Answer> run(const Arguments& arguments) {
    SALVOR_CHECK(check(arguments));
    salvor::seal::Request request;
    SALVOR_TRY(request.recipients, read_recipients(arguments.recipients));
    SALVOR_TRY(const auto key, signing_key(arguments));
    SALVOR_TRY(const auto snapshot, open_source(arguments.source, Snapshot::Lock::refuse_held));
    if (!snapshot.database()) return std::unexpected(snapshot.database().error());
    note_interrupts();
    Progress progress("sealing " + arguments.source);
    request.level = static_cast<int>(arguments.level);
    request.flaws = arguments.force ? salvor::verify::Flaws::told : salvor::verify::Flaws::refused;
    request.to = arguments.to;
    if (arguments.receipt) request.receipt = *arguments.receipt;
    request.key = key ? &*key : nullptr;
    request.made_by = "salvor " SALVOR_VERSION;
    request.now = now();
    request.progress = std::ref(progress);
    report::Sealing said{arguments.source,          arguments.to,    arguments.receipt.value_or(""),
                         request.recipients.size(), key.has_value(), {}};
    SALVOR_TRY(said.sealed, salvor::seal::seal(snapshot, request));
    fmt::print(
        "{}", arguments.format == Format::json ? report::seal_json(said) : report::seal_text(said));
    return Answer::yes;
}

}  // namespace

Run declare(CLI::App& app) {
    auto arguments = std::make_shared<Arguments>();
    add_source(app, arguments->source);
    add_option(app, "--to", "FILE", arguments->to, "the sealed backup to make");
    add_recipients(app, arguments->recipients);
    add_option(app, "--level", "N", arguments->level, "zstd's level, 1 to 19 (3)");
    add_option(app, "--receipt", "FILE", arguments->receipt,
               "write what proves the sealed file unchanged without a key");
    add_option(app, "--sign-key", "FILE", arguments->sign_key,
               "a private key of Ed25519, ssh's or OpenSSL's, that signs the receipt");
    add_flag(app, "--force", arguments->force, "of a flawed backup, or one whose trailer is wrong");
    add_format(app, arguments->format);
    return [arguments] { return on_source(arguments->source, run(*arguments)); };
}

}  // namespace salvor::tool::seal
