#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "formats/base/mapped_file.hpp"
#include "formats/base/problem.hpp"
#include "formats/base/result.hpp"
#include "formats/etcd/meta.hpp"

// The .snap files of a member. Source: etcd server/etcdserver/api/snap/snapshotter.go

namespace salvor::snap {

/// What a file holds: raftpb.Snapshot.
struct SnapFile {
    std::uint64_t term = 0;
    std::uint64_t index = 0;
    etcd::ConfState conf_state;
    Bytes data;  ///< the v2 store as JSON: a view
};

std::string file_name(std::uint64_t term, std::uint64_t index);  ///< %016x-%016x.snap
/// Errors: malformed (empty, crc mismatch, does not parse). `data` is a view into `bytes`.
Result<SnapFile> parse(Bytes bytes);
std::string encode(etcd::Line line, const SnapFile& snap);

struct Loaded {
    std::filesystem::path path;
    MappedFile file;
    SnapFile snap;  ///< views into `file`
};

/// Whether the log has a valid record of a snapshot with this term and index.
using InLog = std::function<bool(std::uint64_t term, std::uint64_t index)>;

/// The file that etcd starts from: by name the newest that can be read and is in the log; none
/// where there is no such. All are looked at. Problems: "snap-file" (cannot be read: etcd renames
/// it to .broken and goes on to the next older one), "snap-name" (its name has not its term and
/// index), "snap-log" (not in the log: etcd skips it). Error: a file cannot be opened.
Result<std::optional<Loaded>> newest(std::vector<std::filesystem::path> files, const InLog& in_log,
                                     const ProblemSink& sink);

}  // namespace salvor::snap
