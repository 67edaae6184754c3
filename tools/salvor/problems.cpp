#include "tools/salvor/problems.hpp"

#include "formats/text/escape.hpp"
#include "tools/salvor/progress.hpp"

namespace salvor::tool {
namespace {

constexpr std::uint64_t told_one_by_one = 3;

}  // namespace

void Problems::say(std::string_view key, const std::string& problem) {
    if (++told_[problem] <= told_one_by_one)
        tool::say(fmt::format("{}: {}", text::Escaped{key}, problem));
}

void Problems::sum_up() {
    for (const auto& [problem, count] : told_) {
        if (count > told_one_by_one)
            tool::say(fmt::format("and {} more: {}", count - told_one_by_one, problem));
    }
    told_.clear();
}

}  // namespace salvor::tool
