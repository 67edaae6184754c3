#include "formats/etcd/version.hpp"

#include <fmt/core.h>

#include <charconv>

namespace salvor::etcd {

std::optional<Version> parse_version(Bytes text) {
    Version version;
    const char* at = text.data();
    const char* end = at + text.size();
    for (int* part : {&version.major, &version.minor, &version.patch}) {
        if (part != &version.major) {
            if (at == end || *at != '.') return {};
            ++at;
        }
        const auto [next, error] = std::from_chars(at, end, *part);
        if (error != std::errc{} || *part < 0) return {};
        at = next;
    }
    // Pre-release and build marks are legal semver and say nothing here.
    if (at != end && *at != '-' && *at != '+') return {};
    return version;
}

std::string to_string(const Version& version) {
    return fmt::format("{}.{}.{}", version.major, version.minor, version.patch);
}

std::optional<Line> line_of(const Version& version) {
    if (version.major != 3 || version.minor < 4 || version.minor > 7) return {};
    return static_cast<Line>(version.minor);
}

std::optional<Line> parse_line(Bytes text) {
    const auto version = parse_version(std::string(text) + ".0");
    return version ? line_of(*version) : std::nullopt;
}

std::string to_string(Line line) {
    return fmt::format("3.{}", static_cast<int>(line));
}

}  // namespace salvor::etcd
