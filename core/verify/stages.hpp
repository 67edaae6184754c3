#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "core/snapshot/snapshot.hpp"
#include "core/verify/bucket_rows.hpp"
#include "core/verify/collector.hpp"
#include "formats/base/checksum.hpp"
#include "formats/bbolt/check.hpp"
#include "formats/etcd/auth.hpp"
#include "formats/etcd/lease.hpp"
#include "formats/etcd/meta.hpp"

// The stages of a verification, outermost first. Each hands its findings to the collector and never
// fails; later ones use what earlier ones read.

namespace salvor::verify {

/// Where the history begins. Where its rows could not be read nothing is above it and nothing
/// below.
struct Compaction {
    bool known = false;
    std::int64_t scheduled = -1;
    std::int64_t finished = -1;

    std::int64_t compacted() const { return std::max(scheduled, finished); }
    bool keeps_all_of(std::int64_t main) const { return known && main > compacted(); }
    /// From here on of each key no row between two others is missing.
    bool keeps_order_of(std::int64_t main) const { return known && main > finished; }
    bool has_finished(std::int64_t main) const { return known && main <= finished; }
    bool has_passed(std::int64_t main) const { return known && main < finished; }
};

/// The top-level buckets that can be reached.
struct Buckets {
    std::vector<bbolt::NamedBucket> found;
    bool complete = true;  ///< the list of them could be read as a whole
};

/// What the rows of the small buckets say, as far as they could be read.
struct Rows {
    std::optional<std::uint64_t> consistent_index;
    std::optional<std::uint64_t> term;
    std::optional<etcd::Revision> scheduled_compaction;
    std::optional<etcd::Revision> finished_compaction;
    std::optional<etcd::ConfState> conf_state;
    std::optional<etcd::Version> storage_version;
    std::optional<etcd::Version> cluster_version;
    std::optional<etcd::Downgrade> downgrade;
    std::optional<bool> auth_enabled;
    std::vector<std::int64_t> leases;  ///< ascending
    std::vector<etcd::User> users;
    std::vector<etcd::Role> roles;
    std::vector<etcd::Member> members;
    std::vector<etcd::MemberId> removed_members;
    std::vector<Bytes> incomplete;   ///< buckets of which some row was not reached
    bool compaction_unread = false;  ///< a row of a compaction is there and says nothing

    bool is_complete(Bytes bucket) const;
    Compaction compaction() const;
};

// Envelope.
/// Whether the bytes are a bbolt database at all; false ends the verification.
bool check_container(const Snapshot& snapshot, Collector& findings);
void check_size(const Snapshot& snapshot, Collector& findings);
/// Whether a file that is no database is what is left of one: a download that broke off at once.
bool check_cut_within_metas(Bytes file, Collector& findings);
/// `digest`: of the image.
void check_trailer(const Snapshot& snapshot, const Sha256Digest& digest, Collector& findings);

// Page and tree. Each sound leaf is handed on as it is passed.
/// Whether no row of bucket `key` was lost by it.
bool check_structure(const bbolt::Database& db, Collector& findings, const bbolt::LeafSink& leaves);

// Record: every bucket but `key`, whose rows are many and have a pass of their own
// (revision/key_rows.hpp).
Buckets check_buckets(const bbolt::Database& db, Collector& findings);
Rows check_rows(const bbolt::Database& db, const Buckets& buckets, Collector& findings);
/// A bucket that stands where a row should.
void report_nested(Place place, Bytes bucket, Bytes key, Collector& findings);
void check_alarm_row(const BucketRow& row, Rows& rows, Collector& findings);
void check_auth_row(const BucketRow& row, Rows& rows, Collector& findings);
void check_role_row(const BucketRow& row, Rows& rows, Collector& findings);
void check_user_row(const BucketRow& row, Rows& rows, Collector& findings);
void check_cluster_row(const BucketRow& row, Rows& rows, Collector& findings);
void check_lease_row(const BucketRow& row, Rows& rows, Collector& findings);
void check_member_row(const BucketRow& row, Rows& rows, Collector& findings);
void check_removed_member_row(const BucketRow& row, Rows& rows, Collector& findings);
void check_meta_row(const BucketRow& row, Rows& rows, Collector& findings);

// Revision: whether the rows fit each other.
void check_compaction(const Rows& rows, Collector& findings);
void check_auth(const Rows& rows, Collector& findings);
void check_membership(const Rows& rows, Collector& findings);
void check_versions(const Rows& rows, Collector& findings);

}  // namespace salvor::verify
