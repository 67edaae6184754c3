#include "tools/salvor/recipients.hpp"

#include "formats/base/mapped_file.hpp"
#include "tools/salvor/options.hpp"
#include "tools/salvor/passphrase.hpp"

namespace salvor::tool {
namespace {

Result<std::string> new_passphrase(const RecipientArguments& arguments) {
    if (!arguments.passphrase_file) return ask_new_passphrase();
    return read_passphrase({*arguments.passphrase_file, {}});
}

}  // namespace

void add_recipients(CLI::App& app, RecipientArguments& arguments) {
    add_option(
        app, "-r,--recipient", "KEY", arguments.recipients,
        "who may open it: age1..., ssh-ed25519 ..., ssh-rsa ...; may be given several times");
    add_option(app, "-R,--recipients-file", "FILE", arguments.recipient_files,
               "a file of such keys, one a line; may be given several times");
    add_flag(app, "-p,--passphrase", arguments.passphrase,
             "whoever knows a passphrase, and nobody else");
    add_option(app, "--new-passphrase-file", "FILE", arguments.passphrase_file,
               "that passphrase, this file's first line, in place of the terminal");
}

Result<std::vector<envelope::age::RecipientPtr>> read_recipients(
    const RecipientArguments& arguments) {
    std::vector<envelope::age::RecipientPtr> recipients;
    for (const auto& text : arguments.recipients) {
        auto recipient = envelope::age::parse_recipient(text);
        if (!recipient) return fail(ErrorCode::usage, "-r {}: {}", text, recipient.error().message);
        recipients.push_back(*std::move(recipient));
    }
    for (const auto& path : arguments.recipient_files) {
        SALVOR_TRY(const auto file, MappedFile::open(path));
        SALVOR_TRY(const auto read, envelope::age::parse_recipients(file.bytes(), path));
        recipients.insert(recipients.end(), read.begin(), read.end());
    }
    const bool by_passphrase = arguments.passphrase || arguments.passphrase_file;
    if (by_passphrase && !recipients.empty()) {
        return fail(ErrorCode::usage,
                    "-p is for a passphrase alone: age lets nobody else open such a file");
    }
    if (by_passphrase) {
        SALVOR_TRY(auto passphrase, new_passphrase(arguments));
        recipients.push_back(envelope::age::passphrase_recipient(
            std::move(passphrase), envelope::age::written_work_factor));
    }
    if (!recipients.empty()) return recipients;
    return fail(ErrorCode::usage,
                "seal: name who may open it: -r KEY, -R FILE (`age-keygen` makes a pair), or -p");
}

}  // namespace salvor::tool
