#include "tools/salvor/standin/data_place.hpp"

#include <fmt/core.h>

#include <filesystem>

#include "core/upstream/quote.hpp"

namespace salvor::tool::standin {
namespace fs = std::filesystem;
namespace {

using upstream::quote;

/// As Go's filepath.Join.
std::string joined(const std::string& dir, const char* rest) {
    auto text = (fs::path(dir) / rest).lexically_normal().string();
    return text;
}

bool is_there(const std::string& path) {
    std::error_code error;
    return fs::status(path, error).type() != fs::file_type::not_found && !error;
}

bool is_empty_directory(const std::string& path) {
    std::error_code error;
    return fs::is_directory(path, error) && fs::is_empty(path, error) && !error;
}

}  // namespace

DataPlace data_place(const std::string& data_dir, const std::string& wal_dir,
                     const std::string& name) {
    DataPlace place;
    place.data_dir = data_dir.empty() ? name + ".etcd" : data_dir;
    place.wal_dir = wal_dir.empty() ? joined(place.data_dir, "member/wal") : wal_dir;
    place.snap_dir = joined(place.data_dir, "member/snap");
    return place;
}

std::string standing_flaw(const DataPlace& place, etcd::Line line) {
    if (line < etcd::Line::v3_5) {
        if (is_there(place.data_dir))
            return fmt::format("data-dir {} exists", quote(place.data_dir));
    } else if (is_there(place.data_dir) && !is_empty_directory(place.data_dir)) {
        return fmt::format("data-dir {} not empty or could not be read", quote(place.data_dir));
    }
    if (is_there(place.wal_dir)) return fmt::format("wal-dir {} exists", quote(place.wal_dir));
    return {};
}

std::string making_flaw(const DataPlace& place) {
    for (const auto& dir : {place.snap_dir, place.wal_dir}) {
        auto above = fs::path(dir);
        std::error_code error;
        while (above.has_relative_path() && !fs::exists(above, error)) above = above.parent_path();
        if (!above.empty() && fs::exists(above, error) && !fs::is_directory(above, error)) {
            return fmt::format("mkdir {}: not a directory", above.string());
        }
    }
    return {};
}

}  // namespace salvor::tool::standin
