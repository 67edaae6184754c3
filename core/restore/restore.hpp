#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/restore/filter.hpp"
#include "core/restore/source.hpp"
#include "core/snapshot/snapshot.hpp"
#include "core/verify/verify.hpp"
#include "formats/base/output.hpp"
#include "formats/bbolt/writer.hpp"
#include "formats/etcd/member.hpp"
#include "formats/etcd/version.hpp"

// A member's data directory, or all members' at once, from a backup: planned, checked, atomic. What
// is policy of our own command (defaults, guesses, refusals) is in wishes.hpp: here a Request is
// carried out. Source: etcd etcdutl/snapshot/v3_snapshot.go

namespace salvor::restore {

struct Peer {
    std::string name;
    std::vector<std::string> peer_urls;
};

/// Everything decided, nothing left to guess. Names and URLs are taken as they are.
struct Request {
    std::vector<Peer> initial_cluster;  ///< one row a name, in the option's order
    std::string token = "etcd-cluster";
    std::vector<std::string> names;  ///< which of initial_cluster to build
    std::filesystem::path data_dir;
    bool one_folder_each = false;                  ///< each at data_dir/NAME, and no wal_dir
    std::optional<std::filesystem::path> wal_dir;  ///< default: data_dir/member/wal
    etcd::Line line = etcd::Line::v3_7;
    bool migrate = true;  ///< storageVersion, clusterVersion and downgrade become what `line` boots
    std::uint64_t bump_revision = 0;  ///< above 0: the new revision is marked compacted, too
    bool clear_alarms = false;
    bool disable_auth = false;
    bool compact = false;       ///< rewrite the db dense instead of copying it
    bool replace = false;       ///< rename a non-empty target aside
    Filter filter;              ///< where it takes something: `compact` as well
    bool accept_flaws = false;  ///< build also from a flawed source; a wrong trailer apart
    bool accept_wrong_trailer = false;
    std::optional<Owner> owner;  ///< default: of the target, else what it replaces, else its parent
};

/// A file or folder that will be there.
struct PlannedFile {
    std::filesystem::path path;
    std::uint64_t size;
    bool at_most = false;  ///< `compact`: the size is known only afterwards
};

/// Something that stands in the way and is renamed, never deleted.
struct Move {
    std::filesystem::path from;
    std::filesystem::path to;
};

/// One data directory to be built.
struct PlannedMember {
    etcd::Member member;
    std::filesystem::path data_dir;
    std::filesystem::path wal_dir;
    std::filesystem::path build_at;  ///< what is renamed into place: data_dir, or its `member`
    std::vector<Move> moves;
    bool done_before = false;  ///< an earlier, killed run of the same built it: it stays as it is
    bool wal_done_before = false;  ///< the same of a wal_dir of its own
    std::vector<PlannedFile> files;
    std::optional<Owner> owner;      ///< nullopt: whoever runs this
    std::optional<Owner> wal_owner;  ///< the same of a wal_dir of its own

    /// Whether wal_dir is outside of what is renamed, and so goes to its place by itself.
    bool separate_wal() const;
};

/// What will be done, decided wholly before anything is written; explain.hpp puts it into words.
struct Plan {
    Request request;
    Source source;
    etcd::ClusterId cluster_id{};
    std::vector<etcd::Member> members;  ///< of the new cluster, ascending by id
    std::vector<PlannedMember> targets;
    std::uint64_t bytes_needed = 0;
    std::uint64_t bytes_not_shared = 0;  ///< of them those that no reflink can save
    std::uint64_t bytes_free = 0;
    std::int64_t revision_after = 0;
    Filtered filtered;                ///< what the filter took
    bbolt::Change change;             ///< to the db; the same for every member
    std::optional<bbolt::Edit> edit;  ///< its pages; nullopt with `compact`
};

/// Errors: usage (the request does not fit together), refused (a revision that overflows), exists
/// (a target holds something, and no `replace`), in_use (a process holds the target's db),
/// unsupported (the line cannot take it), malformed (the source cannot be read where it must be).
Result<Plan> plan(const Snapshot& snapshot, const Request& request);

/// Why a source of which that is said is not restored on this request: the first error that the
/// request does not accept, and what accepts it. nullopt: it is.
std::optional<Error> refusal(const verify::Report& report, const std::filesystem::path& source,
                             const Request& request);

struct Outcome {
    verify::Report report;          ///< of the source
    std::vector<PlannedFile> made;  ///< with the sizes that they have; none where nothing was built
};
/// Whether the plan was made for a source of which that is said.
using Fits = std::function<bool(const verify::Report&)>;
using Progress = std::function<void(std::uint64_t done, std::uint64_t all)>;

/// Copies, checks and commits. The source is verified beside the copy, with the digest of its image
/// that the caller has started, before planning at best; nothing stands at its place
/// before both are good. Errors: flawed (an error found and not accepted: the message names the
/// first), io, exists, in_use; then what was there before is there again, and nothing else. So it
/// is, without an error, where the report does not fit.
Result<Outcome> write(const Snapshot& snapshot, const Plan& plan, const verify::Digest& digest,
                      const Progress& progress, const Fits& fits = {});

}  // namespace salvor::restore
