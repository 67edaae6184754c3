#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "formats/base/bytes.hpp"

// The texts of messages whose JSON is no object. Source: apimachinery
// pkg/apis/meta/v1/{time,micro_time, duration}.go

namespace salvor::kube {

/// Seconds since 1970, and what is left below them.
struct Instant {
    std::int64_t seconds = 0;
    std::int32_t nanos = 0;
    auto operator<=>(const Instant&) const = default;
};
/// Nanoseconds below none and above a second go into the seconds, as by Go's time.Unix.
constexpr Instant carried(std::uint64_t seconds, std::int32_t nanos) {
    constexpr std::int32_t second = 1'000'000'000;
    const auto more = nanos / second - (nanos % second < 0 ? 1 : 0);
    return {static_cast<std::int64_t>(seconds + static_cast<std::uint64_t>(std::int64_t{more})),
            nanos - more * second};
}
constexpr std::int64_t zero_time_seconds = -62135596800;  ///< year 1: Go's zero time, null in JSON

/// "2006-01-02T15:04:05Z"; nullopt outside the years 0 to 9999, which RFC 3339 cannot say.
std::optional<std::string> rfc3339(Instant instant);
/// The same without an allocation: a view into `room`.
using TimeRoom = std::array<char, 20>;
std::optional<Bytes> rfc3339(Instant instant, TimeRoom& room);
/// With six decimals always, cut and not rounded.
std::optional<std::string> rfc3339_micro(Instant instant);
/// Any RFC 3339 text with its zone; nullopt where it is none.
std::optional<Instant> parse_rfc3339(Bytes text);

/// Nanoseconds as Go's Duration.String: "1h0m0s", "1.5s", "100ms".
std::string duration_text(std::int64_t nanoseconds);

std::string base64(Bytes bytes);
std::optional<std::string> parse_base64(Bytes text);  ///< standard alphabet, padded

}  // namespace salvor::kube
