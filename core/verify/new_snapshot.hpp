#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "formats/base/checksum.hpp"
#include "formats/base/output.hpp"

namespace salvor::verify {

struct MadeSnapshot {
    std::uint64_t size = 0;     ///< with the trailer
    std::int64_t revision = 0;  ///< the head
    std::string sha256;         ///< of the image, as the trailer has it
    bool sound = true;          ///< false with Flaws::told alone
};

/// Whether what is flawed may stand.
enum class Flaws : std::uint8_t { refused, told };

/// Whether an image with this digest may stand; asked before its flaws are. The Error is
/// make_snapshot()'s.
using JudgeDigest = std::function<Result<void>(const Sha256Digest&)>;

/// Makes a plain snapshot at `to`: `write` writes its image, a dense database; it gets its trailer
/// and is verified before it stands at its place. `what` names it in the Error. Errors: exists,
/// not_found (the folder), io, those of `write`, and flawed where what was made is not sound: then
/// what it was made from was not.
Result<MadeSnapshot> make_snapshot(const std::filesystem::path& to, const std::string& what,
                                   const std::function<Result<void>(FileWriter&)>& write,
                                   Flaws flaws = Flaws::refused, const JudgeDigest& judge = {});

}  // namespace salvor::verify
