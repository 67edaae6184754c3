#include "tools/salvor/manual/manual.hpp"

#include <algorithm>
#include <array>

namespace salvor::tool {
namespace {

struct Manual {
    std::string_view name;  ///< the file's, without .md
    std::string_view text;
};
constexpr std::array manuals{
#include "manuals.inc"
};

}  // namespace

std::optional<std::string_view> manual(std::string_view command) {
    std::string name(command.empty() ? "salvor" : command);
    std::replace(name.begin(), name.end(), ' ', '_');
    for (const auto& page : manuals) {
        if (page.name == name) return page.text;
    }
    return {};
}

}  // namespace salvor::tool
