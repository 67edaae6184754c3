#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/snapshot/snapshot.hpp"
#include "formats/etcd/alarm.hpp"
#include "formats/etcd/buckets.hpp"
#include "formats/etcd/member.hpp"
#include "formats/etcd/meta.hpp"
#include "formats/etcd/version.hpp"
#include "formats/kube/at_rest/config.hpp"

// What is in a source, all of it on one page; what the source cannot tell is
// left empty.

namespace salvor::info {

enum class SourceKind { snapshot, database, data_directory };
enum class TrailerState { absent, right, wrong };

/// Something that is not written down as such, with the words for how it is
/// known.
template <class T>
struct Known {
    T value;
    std::string evidence;
};

struct TakenAt {
    enum class Certainty {
        not_before,  ///< a record bears this time, so the source is at least as
                     ///< young
        weak,        ///< the file's own time, which a copy changes
    };
    std::int64_t unix_seconds;
    Certainty certainty;
    std::string evidence;
};

/// In bytes. Of the database: meta + used + free + fragmented + leaked = pages
/// * page_size.
struct Space {
    std::uint64_t file = 0;
    std::uint64_t used = 0;        ///< what the elements of all pages need
    std::uint64_t fragmented = 0;  ///< the rest of these pages
    std::uint64_t free = 0;        ///< free pages; their old content is still there
    std::uint64_t other = 0;       ///< metas, a stored freelist, leaked pages
    bool exact = true;             ///< false: pages could not be read, and free is an upper bound
};

struct Auth {
    std::optional<bool> enabled;  ///< nullopt: never set
    std::optional<std::uint64_t> revision;
    std::vector<std::string> users, roles;  ///< as stored
};

/// One Kubernetes cluster, by the keys of its live objects.
struct Kubernetes {
    std::string prefix;
    std::optional<std::string> kube_system_uid;
    std::optional<Known<std::string>> version;       ///< "1.36"
    std::optional<Known<std::string>> distribution;  ///< "k3s"
    std::map<std::string, std::uint64_t> kubelets;   ///< nodes of each version, "v1.36.2"
    struct Resource {
        std::uint64_t objects = 0;  ///< live
        std::uint64_t bytes = 0;    ///< of their values
    };
    std::map<std::string, Resource> resources;
    std::uint64_t objects = 0;
    std::uint64_t bytes = 0;
    std::uint64_t encrypted = 0;  ///< of the objects: encrypted at rest
    std::uint64_t namespace_count = 0;
    std::vector<std::string> namespaces;  ///< names, ascending; of very many the first ones
    std::optional<std::int64_t>
        last_renewal;            ///< newest renewTime of its leases, seconds since 1970
    std::string last_renewed;    ///< that lease, "kube-system/kube-scheduler"
    std::uint64_t renewals = 0;  ///< leases that have one
};

struct Wal {
    std::size_t segments = 0;
    std::uint64_t first_index = 0, last_index = 0;  ///< 0: no entries
    std::uint64_t beyond_db = 0;                    ///< entries above the db's consistent index
    std::uint64_t commit = 0;                       ///< of the last hard state
    bool torn_tail = false;
};

/// Sentences with their places: the first ones, and how many there are.
struct Flaws {
    static constexpr std::size_t kept = 10;
    std::vector<std::string> first;
    std::uint64_t count = 0;
    void add(std::string what) {
        if (++count <= kept) first.push_back(std::move(what));
    }
};

struct Info {
    std::string source;
    SourceKind kind = SourceKind::database;
    std::vector<envelope::Layer> layers;  ///< what it was taken out of, outermost first
    std::string sha256;  ///< of the image, without the trailer
    TrailerState trailer = TrailerState::absent;
    std::optional<std::string> stored_sha256;
    std::int64_t modified = 0;  ///< the file's, seconds since 1970
    std::optional<LockHolder> lock_holder;

    std::size_t page_size = 0;
    std::uint64_t pages = 0;
    std::uint64_t transaction = 0;
    bool stores_freelist = false;
    std::optional<std::string> meta_flaw;  ///< why one of the two metas is not valid
    Space space;

    std::optional<Known<std::string>> written_by;  ///< "3.6"
    std::optional<std::string> storage_version, cluster_version;
    std::optional<etcd::Downgrade> downgrade;
    std::optional<TakenAt> taken_at;

    std::optional<Known<etcd::ClusterId>> cluster_id;
    std::vector<etcd::Member> members;  ///< ascending by id
    std::vector<etcd::MemberId> removed_members;
    std::optional<etcd::ConfState> conf_state;
    std::optional<std::uint64_t> consistent_index, term;

    std::int64_t revision = 1;
    std::optional<std::int64_t> compacted_revision;  ///< the higher of scheduled and finished
    std::optional<std::int64_t> scheduled_compaction, finished_compaction;
    std::uint64_t keys = 0;       ///< live
    std::uint64_t revisions = 0;  ///< rows kept, tombstones too
    std::uint64_t tombstones = 0;
    std::uint64_t leases = 0;
    std::uint64_t keys_with_lease = 0;
    Auth auth;
    std::vector<etcd::Alarm> alarms;
    std::vector<Kubernetes> kubernetes;

    std::optional<Wal> wal;
    std::vector<std::string> snap_files;  ///< names, ascending
    /// Rows that etcd 3.4 to 3.7 does not know, whole buckets of them too.
    std::uint64_t foreign_rows = 0;
    Flaws unread;    ///< what could not be read
    Flaws doubtful;  ///< what was read, but does not stand as etcd writes it
    /// In which top-level buckets something is unread; what is said of the others
    /// is whole.
    std::set<std::string, std::less<>> unread_buckets;
    bool is_whole(Bytes bucket) const { return !unread_buckets.contains(bucket); }
    /// Each row of bucket `key` was found, be its value readable or not: `revision` and the counts
    /// of rows are exact.
    bool all_rows = true;
    /// False where so much was lost that `revision` says nothing; else it is a lower bound where
    /// not all rows were found.
    bool tells_revision() const { return all_rows || revisions > 0 || compacted_revision; }
};

/// Reads everything once, the digest beside the rest on a second thread. Never
/// fails for a flaw in part of the file: what could not be read is in `unread`.
/// Memory: at most 24 bytes a key. Error: as Snapshot::database(), where no
/// database can be opened.
/// `encryption`: opens what of Kubernetes is encrypted at rest and says something of the cluster.
/// Where the digest is not asked for, sha256 is empty and nothing is said of the trailer.
enum class Digest : std::uint8_t { wanted, not_wanted };
Result<Info> gather(const Snapshot& snapshot, const kube::at_rest::Config* encryption = nullptr,
                    Digest digest = Digest::wanted);

}  // namespace salvor::info
