#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace salvor {

/// Where in a file something is. Fields that are not known or make no sense are left empty.
struct Place {
    std::optional<std::uint64_t> offset;  ///< byte in the file
    std::optional<std::uint64_t> page;    ///< bbolt page id
    std::vector<std::uint64_t> path;      ///< page ids from the root down to `page`
    std::string bucket;                   ///< top-level bucket, nested ones after a slash
    std::optional<std::string> key;       ///< raw bytes of the key
    std::string revision;                 ///< "main/sub" of an mvcc row
    std::string file;  ///< within a data directory, "member/wal/...wal", or a path
};

/// What a format checker hands to its sink: which of its checks failed, where, what was read, what
/// was found. It has no opinion on what that means for a restore: core/verify gives it a severity.
struct Problem {
    const char* check;  ///< stable id of the check, "page-id", "key-order" ...
    Place place;
    std::string message;
};

using ProblemSink = std::function<void(Problem)>;

}  // namespace salvor
