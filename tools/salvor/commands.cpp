#include "tools/salvor/commands.hpp"

#include <array>

#include "tools/salvor/commands/version.hpp"

namespace salvor::tool {
namespace {

constexpr std::array table{
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
