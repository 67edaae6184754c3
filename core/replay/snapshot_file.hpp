#pragma once

#include <filesystem>
#include <string>

#include "core/replay/replay.hpp"

namespace salvor::replay {

struct MadeSnapshot {
    std::uint64_t size = 0;  ///< with the trailer
    std::string sha256;      ///< of the image, as the trailer has it
};

/// Makes a plain snapshot of what was replayed, with its trailer, and verifies it before it stands
/// at its place. Errors: exists, not_found, io, those of Replay::write(), and flawed where what was
/// made is not sound: then the db that it began with was not.
Result<MadeSnapshot> make_snapshot(const Replay& replay, const std::filesystem::path& to);

}  // namespace salvor::replay
