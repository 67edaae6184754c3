#pragma once

#include <CLI/CLI.hpp>

#include <optional>
#include <string>
#include <vector>

#include "formats/envelope/age/recipient.hpp"

namespace salvor::tool {

/// For whom something is encrypted, in age's own words.
struct RecipientArguments {
    std::vector<std::string> recipients;       ///< -r
    std::vector<std::string> recipient_files;  ///< -R
    bool passphrase = false;                   ///< -p
    std::optional<std::string> passphrase_file;
};
void add_recipients(CLI::App& app, RecipientArguments& arguments);

/// A passphrase is typed twice where no file has it. Errors: usage (nobody is named, or a
/// passphrase beside others, or two that differ), those of the recipients and of reading.
Result<std::vector<envelope::age::RecipientPtr>> read_recipients(
    const RecipientArguments& arguments);

}  // namespace salvor::tool
