#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace salvor::verify {

/// What a path from the root of another system names below where that root is mounted: its links,
/// absolute ones too, lead to what that system has, and `..` not above the root. A link in a circle
/// leads to a path that is not there.
std::filesystem::path below_root(const std::filesystem::path& root, std::string_view path);

/// The paths that a pattern stands for, from the root on, ascending: see HostPath. Without `*` and
/// `#` it is itself, be it there or not.
std::vector<std::string> expanded(const std::filesystem::path& root, std::string_view pattern);

}  // namespace salvor::verify
