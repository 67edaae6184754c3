#include "formats/text/human.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace salvor::text {
namespace {

/// `7h15m`, without the second where it is none.
std::string with_rest(std::int64_t whole, char unit, std::int64_t rest, char rest_unit) {
    return rest == 0 ? fmt::format("{}{}", whole, unit)
                     : fmt::format("{}{}{}{}", whole, unit, rest, rest_unit);
}

/// Go's time.Duration holds no more.
constexpr std::int64_t longest_go_duration = 9'223'372'036;

}  // namespace

std::string human_size(std::uint64_t bytes) {
    constexpr std::array units{"kB", "MB", "GB", "TB", "PB", "EB"};
    if (bytes < 1000) return fmt::format("{} B", bytes);
    double value = static_cast<double>(bytes) / 1000;
    std::size_t unit = 0;
    while (value >= 999.5 && unit + 1 < units.size()) {
        value /= 1000;
        ++unit;
    }
    return fmt::format("{:.{}f} {}", value, value < 9.95 ? 1 : 0, units[unit]);
}

std::string human_duration(std::int64_t seconds) {
    constexpr std::int64_t minute = 60, hour = 60 * minute, day = 24 * hour, year = 365 * day;
    seconds = std::min(seconds, longest_go_duration);
    if (seconds < -1) return "<invalid>";
    if (seconds < 0) return "0s";
    if (seconds < 2 * minute) return fmt::format("{}s", seconds);
    if (seconds < 10 * minute) return with_rest(seconds / minute, 'm', seconds % minute, 's');
    if (seconds < 3 * hour) return fmt::format("{}m", seconds / minute);
    if (seconds < 8 * hour) return with_rest(seconds / hour, 'h', seconds % hour / minute, 'm');
    if (seconds < 2 * day) return fmt::format("{}h", seconds / hour);
    if (seconds < 8 * day) return with_rest(seconds / day, 'd', seconds % day / hour, 'h');
    if (seconds < 2 * year) return fmt::format("{}d", seconds / day);
    if (seconds < 8 * year) return with_rest(seconds / year, 'y', seconds % year / day, 'd');
    return fmt::format("{}y", seconds / year);
}

std::string counted(std::uint64_t count, const char* one, const char* many) {
    return fmt::format("{} {}", count, count == 1 ? one : many);
}

}  // namespace salvor::text
