#include "core/verify/host/rooted_path.hpp"

#include <algorithm>
#include <charconv>
#include <deque>
#include <optional>
#include <system_error>

namespace salvor::verify {
namespace {

namespace fs = std::filesystem;

/// As a kernel does. Source: path_resolution(7)
constexpr int most_links = 40;

/// What stands for the mark in a name; nullopt where the name does not fit.
std::optional<std::string_view> marked(std::string_view name, std::string_view pattern, char mark) {
    const auto at = pattern.find(mark);
    const auto before = pattern.substr(0, at), after = pattern.substr(at + 1);
    if (name.size() < before.size() + after.size() || !name.starts_with(before) ||
        !name.ends_with(after))
        return {};
    return name.substr(before.size(), name.size() - before.size() - after.size());
}

std::optional<std::uint64_t> number_of(std::string_view digits) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(digits.begin(), digits.end(), number);
    return error == std::errc() && end == digits.end() ? std::optional(number) : std::nullopt;
}

std::vector<std::string> names_in(const fs::path& folder) {
    std::vector<std::string> names;
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error))
        names.push_back(entry->path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
}

/// The names in a folder that one component of a pattern stands for.
std::vector<std::string> fitting(const fs::path& folder, const std::string& pattern) {
    std::vector<std::string> found;
    std::uint64_t highest = 0;
    for (auto& name : names_in(folder)) {
        if (pattern.find('*') != std::string::npos) {
            if (marked(name, pattern, '*')) found.push_back(std::move(name));
            continue;
        }
        const auto digits = marked(name, pattern, '#');
        const auto number = digits ? number_of(*digits) : std::nullopt;
        if (!number || (!found.empty() && *number <= highest)) continue;
        highest = *number;
        found.assign(1, std::move(name));
    }
    return found;
}

}  // namespace

fs::path below_root(const fs::path& root, std::string_view path) {
    std::deque<fs::path> left;
    const auto ahead = [&](const fs::path& more) {
        left.insert(left.begin(), more.begin(), more.end());
    };
    ahead(fs::path(path).relative_path());
    fs::path walked;
    for (int links = 0; !left.empty();) {
        const auto next = left.front();
        left.pop_front();
        if (next.empty() || next == ".") continue;
        if (next == "..") {
            walked = walked.parent_path();
            continue;
        }
        std::error_code error;
        const auto target = fs::read_symlink(root / walked / next, error);
        if (error || links++ >= most_links) {
            walked /= next;
            continue;
        }
        if (target.is_absolute()) walked.clear();
        ahead(target.relative_path());
    }
    return root / walked;
}

std::vector<std::string> expanded(const fs::path& root, std::string_view pattern) {
    std::vector<std::string> paths{""};
    for (const auto& part : fs::path(pattern).relative_path()) {
        std::vector<std::string> longer;
        for (const auto& path : paths) {
            if (part.string().find_first_of("*#") == std::string::npos) {
                longer.push_back(path + "/" + part.string());
                continue;
            }
            for (const auto& name : fitting(below_root(root, path), part.string()))
                longer.push_back(path + "/" + name);
        }
        paths = std::move(longer);
    }
    return paths;
}

}  // namespace salvor::verify
