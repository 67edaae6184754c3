#pragma once

#include <compare>
#include <optional>
#include <string>

#include "formats/base/bytes.hpp"

namespace salvor::etcd {

/// `3.6.0`, as in meta/storageVersion and cluster/clusterVersion.
struct Version {
    int major = 0;
    int minor = 0;
    int patch = 0;
    auto operator<=>(const Version&) const = default;
};
std::optional<Version> parse_version(Bytes text);
std::string to_string(const Version& version);

/// A release line that this program knows. What each writes differs: FORMAT.md, "which line writes
/// what".
enum class Line { v3_4 = 4, v3_5 = 5, v3_6 = 6, v3_7 = 7 };
std::optional<Line> parse_line(Bytes text);  ///< "3.6"
std::optional<Line> line_of(const Version& version);
std::string to_string(Line line);

}  // namespace salvor::etcd
