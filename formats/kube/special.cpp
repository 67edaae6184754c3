#include "formats/kube/special.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <chrono>
#include <climits>

#include "formats/text/go_json.hpp"

namespace salvor::kube {
namespace {

using namespace std::chrono;

struct Civil {
    year_month_day date;
    hh_mm_ss<std::chrono::seconds> time;
};

std::optional<Civil> civil(std::int64_t since_1970) {
    constexpr std::int64_t first = -62167219200, last = 253402300799;  // 0000-01-01, 9999-12-31
    if (since_1970 < first || since_1970 > last) return {};
    const sys_seconds at{seconds(since_1970)};
    const auto day = floor<days>(at);
    return Civil{year_month_day(day), hh_mm_ss<seconds>(at - day)};
}

/// "2006-01-02T15:04:05Z".
void put_date_and_time(const Civil& at, TimeRoom& room) {
    Bytes("0000-00-00T00:00:00Z").copy(room.data(), room.size());
    const auto put = [&](std::size_t last, long number) {
        for (; number > 0; number /= 10) room[last--] = static_cast<char>('0' + number % 10);
    };
    put(3, static_cast<int>(at.date.year()));
    put(6, static_cast<unsigned>(at.date.month()));
    put(9, static_cast<unsigned>(at.date.day()));
    put(12, at.time.hours().count());
    put(15, at.time.minutes().count());
    put(18, at.time.seconds().count());
}

/// Exactly `size` digits at `at`, then past them.
std::optional<int> number(Bytes& text, std::size_t size) {
    if (text.size() < size) return {};
    int value = 0;
    for (std::size_t i = 0; i < size; ++i) {
        if (text[i] < '0' || text[i] > '9') return {};
        value = value * 10 + (text[i] - '0');
    }
    text.remove_prefix(size);
    return value;
}

bool skip(Bytes& text, std::string_view any_of) {
    if (text.empty() || any_of.find(text[0]) == std::string_view::npos) return false;
    text.remove_prefix(1);
    return true;
}

std::optional<std::int32_t> fraction(Bytes& text) {
    if (!skip(text, ".")) return 0;
    std::int32_t nanos = 0;
    std::size_t digits = 0;
    for (; !text.empty() && text[0] >= '0' && text[0] <= '9'; text.remove_prefix(1), ++digits) {
        if (digits < 9) nanos = nanos * 10 + (text[0] - '0');
    }
    for (std::size_t i = digits; i < 9; ++i) nanos *= 10;
    return digits > 0 ? std::optional(nanos) : std::nullopt;
}

std::optional<int> zone_seconds(Bytes& text) {
    if (skip(text, "Zz")) return 0;
    if (text.empty() || (text[0] != '+' && text[0] != '-')) return {};
    const int sign = text[0] == '-' ? -1 : 1;
    text.remove_prefix(1);
    const auto hours = number(text, 2);
    if (!hours || !skip(text, ":")) return {};
    const auto minutes = number(text, 2);
    if (!minutes || *hours > 23 || *minutes > 59) return {};
    return sign * (*hours * 3600 + *minutes * 60);
}

}  // namespace

std::optional<Bytes> rfc3339(Instant instant, TimeRoom& room) {
    const auto at = civil(instant.seconds);
    if (!at) return {};
    put_date_and_time(*at, room);
    return Bytes(room.data(), room.size());
}

std::optional<std::string> rfc3339(Instant instant) {
    TimeRoom room;
    const auto text = rfc3339(instant, room);
    return text ? std::optional(std::string(*text)) : std::nullopt;
}

std::optional<std::string> rfc3339_micro(Instant instant) {
    TimeRoom room;
    const auto text = rfc3339(instant, room);
    if (!text) return {};
    return fmt::format("{}.{:06}Z", text->substr(0, text->size() - 1), instant.nanos / 1000);
}

std::optional<Instant> parse_rfc3339(Bytes text) {
    std::array<int, 6> parts{};
    static constexpr std::size_t sizes[] = {4, 2, 2, 2, 2, 2};
    static constexpr std::string_view before[] = {"", "-", "-", "Tt", ":", ":"};
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i > 0 && !skip(text, before[i])) return {};
        const auto part = number(text, sizes[i]);
        if (!part) return {};
        parts[i] = *part;
    }
    const auto nanos = fraction(text);
    const auto zone = nanos ? zone_seconds(text) : std::nullopt;
    const year_month_day date{year(parts[0]), month(static_cast<unsigned>(parts[1])),
                              day(static_cast<unsigned>(parts[2]))};
    if (!zone || !text.empty() || !date.ok() || parts[3] > 23 || parts[4] > 59 || parts[5] > 59)
        return {};
    const auto since = sys_days(date).time_since_epoch() + hours(parts[3]) + minutes(parts[4]) +
                       seconds(parts[5] - *zone);
    return Instant{duration_cast<seconds>(since).count(), *nanos};
}

std::string duration_text(std::int64_t nanoseconds) {
    if (nanoseconds == 0) return "0s";
    const bool negative = nanoseconds < 0;
    const std::uint64_t size = negative ? 0 - static_cast<std::uint64_t>(nanoseconds)
                                        : static_cast<std::uint64_t>(nanoseconds);
    const auto with_fraction = [](std::uint64_t whole, std::uint64_t part, int digits) {
        std::string text = std::to_string(whole);
        if (part == 0) return text;
        auto decimals = fmt::format("{:0{}}", part, digits);
        decimals.erase(decimals.find_last_not_of('0') + 1);
        return text + "." + decimals;
    };
    std::string text = negative ? "-" : "";
    if (size < 1000) return text + fmt::format("{}ns", size);
    if (size < 1'000'000) return text + with_fraction(size / 1000, size % 1000, 3) + "µs";
    if (size < 1'000'000'000)
        return text + with_fraction(size / 1'000'000, size % 1'000'000, 6) + "ms";
    const std::uint64_t whole = size / 1'000'000'000;
    if (whole >= 3600) text += fmt::format("{}h", whole / 3600);
    if (whole >= 60) text += fmt::format("{}m", whole / 60 % 60);
    return text + with_fraction(whole % 60, size % 1'000'000'000, 9) + "s";
}

std::string base64(Bytes bytes) {
    std::string text;
    text::append_base64(text, bytes);
    return text;
}

std::optional<std::string> parse_base64(Bytes text) {
    if (text.size() % 4 != 0 || text.size() > INT_MAX) return {};
    std::string bytes(text.size() / 4 * 3, '\0');
    const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                     reinterpret_cast<const unsigned char*>(text.data()),
                                     static_cast<int>(text.size()));
    if (size < 0) return {};
    bytes.resize(static_cast<std::size_t>(size));
    for (std::size_t i = 0; i < 2 && text.size() > i && text[text.size() - 1 - i] == '='; ++i)
        bytes.pop_back();
    return bytes;
}

}  // namespace salvor::kube
