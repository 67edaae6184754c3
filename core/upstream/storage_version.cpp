#include "core/upstream/storage_version.hpp"

#include <fmt/core.h>

#include <charconv>
#include <optional>

namespace salvor::upstream {
namespace {

/// What follows the first `mark`, which is cut off with it.
Bytes split_off(Bytes& text, char mark) {
    const auto at = text.find(mark);
    if (at == Bytes::npos) return {};
    const Bytes tail = text.substr(at + 1);
    text = text.substr(0, at);
    return tail;
}

/// Dot-separated words of letters, digits and hyphens.
bool is_identifier(Bytes text) {
    if (text.empty()) return true;
    bool in_word = false;
    for (const char c : text) {
        const bool letter =
            (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
        if (!letter && !(c == '.' && in_word)) return false;
        in_word = letter;
    }
    return in_word;
}

std::optional<std::int64_t> number(Bytes text) {
    if (text.starts_with('+')) {
        text.remove_prefix(1);
        if (text.starts_with('-')) return {};
    }
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return {};
    return value;
}

}  // namespace

std::string normal_version(Bytes stored) {
    const Bytes build = split_off(stored, '+');
    const Bytes pre_release = split_off(stored, '-');
    const auto first = stored.find('.');
    const auto second = first == Bytes::npos ? first : stored.find('.', first + 1);
    if (second == Bytes::npos || !is_identifier(pre_release) || !is_identifier(build)) return {};
    const auto major = number(stored.substr(0, first));
    const auto minor = number(stored.substr(first + 1, second - first - 1));
    const auto patch = number(stored.substr(second + 1));
    if (!major || !minor || !patch) return {};
    auto text = fmt::format("{}.{}.{}", *major, *minor, *patch);
    if (!pre_release.empty()) text += fmt::format("-{}", pre_release);
    if (!build.empty()) text += fmt::format("+{}", build);
    return text;
}

}  // namespace salvor::upstream
