#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "core/replay/auth.hpp"
#include "core/replay/leases.hpp"
#include "core/replay/membership.hpp"
#include "formats/wal/log.hpp"

namespace salvor::replay {

/// How many entries of each kind were carried out, and why others were not.
struct Tally {
    struct Count {
        std::size_t done = 0;
        std::size_t refused = 0;
    };
    std::map<std::string_view, Count> kinds;           ///< "put", "txn", "member", "nothing", ...
    std::map<std::string_view, std::size_t> refusals;  ///< by etcd's own words
    std::vector<std::string> remarks;                  ///< where releases of one line differ
};

/// A member's state: a db, and what the entries of its log do to it, one by one, as a server of
/// that line applies them when it starts. Source: etcd
/// server/etcdserver/{server.go apply,apply/apply.go,apply/apply_auth.go}
class Applier {
 public:
    /// The database must outlive it, and so must the data of what is applied. `votes`: who has
    /// one, where something else than the db knows better. Errors: malformed, too_large.
    static Result<std::unique_ptr<Applier>> over(const bbolt::Database& db, etcd::Line line,
                                                 const std::optional<etcd::ConfState>& votes = {});

    /// An entry that a server refuses changes nothing but the index. Errors: malformed, too_large,
    /// unsupported: what no server gets past either.
    Result<void> apply(const wal::Entry& entry);

    const Keyspace& keys() const { return keys_; }
    const Buckets& buckets() const { return buckets_; }
    const Membership& membership() const { return membership_; }
    const Auth& auth() const { return auth_; }
    const Tally& tally() const { return tally_; }

 private:
    Applier(const bbolt::Database& db, Keyspace keys, etcd::Line line)
        : line_(line),
          buckets_(db),
          keys_(std::move(keys)),
          leases_(buckets_, keys_),
          auth_(buckets_, line),
          membership_(buckets_, line) {}
    Result<void> apply_conf_change(Bytes data);
    Result<void> apply_request(Bytes data);
    Result<Verdict> carry_out(const etcd::RaftRequest& request);
    Result<Verdict> apply_put(const etcd::PutRequest& request);
    Result<Verdict> apply_alarm(const etcd::AlarmRequest& request);
    Result<Verdict> compact(std::int64_t revision);
    void note_compaction(std::int64_t revision);
    Result<void> read_alarms();
    // Whether who sent it may; where authentication is off, everyone may.
    Result<Verdict> may_use_lease(const Sender& sender, std::int64_t lease) const;
    Result<Verdict> may_put(const Sender& sender, const etcd::PutRequest& request) const;
    Result<Verdict> may_delete(const Sender& sender, const etcd::DeleteRangeRequest& request) const;
    Result<Verdict> may_transact(const Sender& sender, const etcd::TxnRequest& request) const;
    Result<Verdict> may_do(const Sender& sender, const etcd::RequestOp& op) const;
    bool stores_checkpoints() const;
    // What a NOSPACE alarm stops.
    static bool needs_space(const auto&) { return false; }
    static bool needs_space(const etcd::PutRequest&) { return true; }
    static bool needs_space(const etcd::LeaseGrantRequest&) { return true; }
    bool needs_space(const etcd::TxnRequest& request);
    void count(const char* kind, Verdict verdict);

    etcd::Line line_;
    Buckets buckets_;
    Keyspace keys_;
    Leases leases_;
    Auth auth_;
    Membership membership_;
    bool no_space_ = false;
    bool corrupt_ = false;
    Tally tally_;
};

}  // namespace salvor::replay
