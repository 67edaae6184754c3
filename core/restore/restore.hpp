#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/snapshot/snapshot.hpp"
#include "core/verify/verify.hpp"
#include "formats/base/output.hpp"
#include "formats/etcd/member.hpp"
#include "formats/etcd/version.hpp"

// A member's data directory, or all members' at once, from a backup: planned, checked, atomic.
// Source: etcd etcdutl/snapshot/v3_snapshot.go

namespace salvor::restore {

struct Peer {
    std::string name;
    std::vector<std::string> peer_urls;
};

/// Everything that the caller decided; options and manifests are already read into it.
struct Request {
    std::vector<Peer> initial_cluster;
    std::string token = "etcd-cluster";
    std::vector<std::string> names;  ///< which of initial_cluster to build: one, or all
    std::filesystem::path data_dir;  ///< with several names: DIR, each at DIR/NAME
    std::optional<std::filesystem::path> wal_dir;
    etcd::Line line = etcd::Line::v3_7;
    std::uint64_t bump_revision = 0;
    bool mark_compacted = false;
    bool skip_hash_check = false;
    bool force = false;             ///< restore a flawed source all the same
    bool clear_alarms = false;
    bool disable_auth = false;
    bool compact = false;           ///< rewrite the db dense instead of copying it
    bool replace = false;           ///< rename a non-empty target aside
    bool change_storage_version = true;  ///< set storageVersion and clusterVersion to what `line` boots
    std::optional<Owner> owner;     ///< default: the replaced or parent directory's
};

struct PlannedFile {
    std::filesystem::path path;
    std::uint64_t size;
};

struct Step {
    std::string what;  ///< a sentence of the plan: a flag's effect, what is lost, what was decided and why
};

/// What will be done, decided wholly before anything is written; printable, and `--dry-run` ends here.
struct Plan {
    Request request;
    etcd::ClusterId cluster_id{};
    std::vector<etcd::Member> members;       ///< ascending by id
    std::vector<PlannedFile> files;
    std::uint64_t bytes_needed = 0;
    std::uint64_t bytes_free = 0;
    std::int64_t revision = 0;               ///< of the source
    std::int64_t revision_after = 0;         ///< with the bump
    std::vector<Step> effects;
    std::vector<std::string> boot_commands;  ///< the etcd command line that boots each member
    std::vector<std::string> next_steps;
};

/// Errors: usage (options do not fit together), refused (needs a word such as --force or --replace; the
/// message has the command line that would be right), exists, in_use, unsupported (the line cannot take it).
Result<Plan> plan(const Snapshot& snapshot, const Request& request);

using Progress = std::function<void(std::uint64_t done, std::uint64_t all)>;
/// Copies, checks and commits. The verification of the source runs beside the copy; nothing stands at its
/// place before both are good. Errors: flawed (and no --force), io; then nothing is left.
Result<void> write(const Snapshot& snapshot, const Plan& plan, const Progress& progress);

}  // namespace salvor::restore
