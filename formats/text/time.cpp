#include "formats/text/time.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <ctime>

namespace salvor::text {

std::string rfc3339(std::int64_t unix_seconds) {
    constexpr std::int64_t year_0 = -62'167'219'200, year_9999_end = 253'402'300'799;
    const std::time_t seconds = std::clamp(unix_seconds, year_0, year_9999_end);
    std::tm utc{};
    ::gmtime_r(&seconds, &utc);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", utc.tm_year + 1900, utc.tm_mon + 1,
                       utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec);
}

}  // namespace salvor::text
