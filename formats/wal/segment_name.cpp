#include "formats/wal/segment_name.hpp"

#include <fmt/core.h>

#include <charconv>

namespace salvor::wal {
namespace fs = std::filesystem;

std::string segment_name(std::uint64_t sequence, std::uint64_t first_index) {
    return fmt::format("{:016x}-{:016x}.wal", sequence, first_index);
}

std::optional<SegmentName> parse_segment_name(const fs::path& path) {
    constexpr std::size_t digits = 16;
    const auto text = path.filename().string();
    SegmentName name{};
    const auto number = [&](std::size_t at, std::uint64_t& to) {
        const char* end = text.data() + at + digits;
        const auto [next, error] = std::from_chars(text.data() + at, end, to, 16);
        return error == std::errc{} && next == end;
    };
    // Compared whole, so that nothing but etcd's own form of a name passes.
    if (text.size() != 2 * digits + std::string_view("-.wal").size() || !number(0, name.sequence) ||
        !number(digits + 1, name.first_index) ||
        text != segment_name(name.sequence, name.first_index)) {
        return {};
    }
    return name;
}

std::string shown_path(const fs::path& path) {
    const auto folder = path.parent_path();
    if (folder.filename() != "wal" || folder.parent_path().filename() != "member")
        return path.string();
    return "member/wal/" + path.filename().string();
}

}  // namespace salvor::wal
