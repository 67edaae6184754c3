#include "tools/salvor/commands.hpp"

#include <array>

#include "tools/salvor/commands/restore.hpp"
#include "tools/salvor/commands/verify.hpp"
#include "tools/salvor/commands/version.hpp"

namespace salvor::tool {
namespace {

constexpr std::array table{
    Command{"verify", "check", "say whether a backup is sound, each flaw with its place and remedy",
            verify::declare},
    Command{"restore", "rebuild", "build a data directory, or every member's, from a backup",
            restore::declare},
    Command{"version", "more", "say the version and the libraries in it", version::declare},
};

}  // namespace

std::span<const Command> commands() {
    return table;
}

std::span<const Persona> personas() {
    return {};
}

}  // namespace salvor::tool
