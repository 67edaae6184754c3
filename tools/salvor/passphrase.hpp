#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "formats/base/result.hpp"

namespace salvor::tool {

/// Where a passphrase comes from; never from the command line, which others can read.
struct PassphraseSource {
    std::optional<std::filesystem::path> file;  ///< its first line
    std::optional<std::uint64_t> descriptor;    ///< one that the process was given, the first line
};

/// From there, or else typed at the terminal, where there is one. Errors: those of opening and
/// reading; usage (there is none, or it is empty).
Result<std::string> read_passphrase(const PassphraseSource& source);
/// Typed twice at the terminal. Error: usage (there is none, or the two differ).
Result<std::string> ask_new_passphrase();

}  // namespace salvor::tool
