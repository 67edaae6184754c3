#include "core/replay/applier.hpp"

#include "core/replay/transaction.hpp"
#include "formats/etcd/alarm.hpp"
#include "formats/etcd/buckets.hpp"
#include "formats/etcd/meta.hpp"

namespace salvor::replay {
namespace {

using namespace etcd;

constexpr Verdict no_space{"etcdserver: no space"};
constexpr Verdict corrupt_cluster{"etcdserver: corrupt cluster"};

/// The word for a kind of request, in the tally.
struct Kind {
    const char* operator()(const std::monostate&) const { return "unknown"; }
    const char* operator()(const ReadingRequest&) const { return "read"; }
    const char* operator()(const RangeRequest&) const { return "read"; }
    const char* operator()(const PutRequest&) const { return "put"; }
    const char* operator()(const DeleteRangeRequest&) const { return "delete"; }
    const char* operator()(const TxnRequest&) const { return "txn"; }
    const char* operator()(const CompactionRequest&) const { return "compaction"; }
    const char* operator()(const LeaseGrantRequest&) const { return "lease grant"; }
    const char* operator()(const LeaseRevokeRequest&) const { return "lease revoke"; }
    const char* operator()(const LeaseCheckpointRequest&) const { return "lease checkpoint"; }
    const char* operator()(const AlarmRequest&) const { return "alarm"; }
    const char* operator()(const ClusterVersionSetRequest&) const { return "cluster version"; }
    const char* operator()(const MemberAttributesSetRequest&) const { return "member attributes"; }
    const char* operator()(const DowngradeInfoSetRequest&) const { return "downgrade"; }
    const char* operator()(const auto&) const { return "auth"; }
};

/// Up to 3.6 a server that starts leaves a transaction's own ranges out: nobody waits for them.
/// Source: etcd server/etcdserver/server.go removeNeedlessRangeReqs
void remove_ranges(TxnRequest& request) {
    const auto is_range = [](const RequestOp& op) {
        return std::holds_alternative<RangeRequest>(op);
    };
    std::erase_if(request.success, is_range);
    std::erase_if(request.failure, is_range);
}

/// What a CORRUPT alarm stops. Source: etcd server/etcdserver/apply/corrupt.go
template <class Request>
constexpr bool stopped_where_corrupt =
    std::is_same_v<Request, PutRequest> || std::is_same_v<Request, RangeRequest> ||
    std::is_same_v<Request, DeleteRangeRequest> || std::is_same_v<Request, TxnRequest> ||
    std::is_same_v<Request, CompactionRequest> || std::is_same_v<Request, LeaseGrantRequest> ||
    std::is_same_v<Request, LeaseRevokeRequest>;

}  // namespace

Result<std::unique_ptr<Applier>> Applier::over(const bbolt::Database& db, Line line,
                                               const std::optional<ConfState>& votes) {
    SALVOR_TRY(auto keys, Keyspace::over(db));
    std::unique_ptr<Applier> applier(new Applier(db, std::move(keys), line));
    SALVOR_CHECK(applier->auth_.read());
    SALVOR_CHECK(applier->membership_.read());
    if (votes) applier->membership_.take_votes(*votes);
    SALVOR_CHECK(applier->read_alarms());
    if (const auto unfinished = applier->keys_.compaction()) applier->note_compaction(*unfinished);
    return applier;
}

Result<void> Applier::read_alarms() {
    no_space_ = corrupt_ = false;
    return buckets_.for_each(buckets::alarm, [this](Bytes key, Bytes) -> Result<void> {
        SALVOR_TRY(const auto alarm, parse_alarm(key));
        no_space_ |= alarm.type == AlarmType::nospace;
        corrupt_ |= alarm.type == AlarmType::corrupt;
        return {};
    });
}

void Applier::count(const char* kind, Verdict verdict) {
    auto& count = tally_.kinds[kind];
    ++(verdict.done() ? count.done : count.refused);
    if (!verdict.done()) ++tally_.refusals[verdict.refusal];
}

Result<void> Applier::apply(const wal::Entry& entry) {
    if (entry.type == wal::Entry::Type::conf_change_v2) {
        return fail(ErrorCode::unsupported,
                    "entry {}: a change of members of raft's second kind, "
                    "which no etcd writes or reads",
                    entry.index);
    }
    auto applied = entry.type == wal::Entry::Type::conf_change ? apply_conf_change(entry.data)
                                                               : apply_request(entry.data);
    if (!applied) {
        applied.error().message = fmt::format("entry {}: {}", entry.index, applied.error().message);
    }
    return applied;
}

Result<void> Applier::apply_conf_change(Bytes data) {
    SALVOR_TRY(const auto change, parse_conf_change(data));
    count("member", membership_.apply(change));
    return {};
}

Result<void> Applier::apply_request(Bytes data) {
    if (data.empty()) {
        count("nothing", done);  // a leader's first entry of its term
        return {};
    }
    SALVOR_TRY(auto request, parse_raft_request(data));
    if (request.body.index() == 0) {
        return fail(ErrorCode::unsupported, "a request that is not known, in field {}",
                    request.unknown_field);
    }
    if (auto* txn = std::get_if<TxnRequest>(&request.body); txn && line_ < Line::v3_7) {
        remove_ranges(*txn);
    }
    SALVOR_TRY(const auto verdict, carry_out(request));
    count(std::visit(Kind{}, request.body), verdict);
    return {};
}

bool Applier::stores_checkpoints() const {
    return membership_.version() && *membership_.version() >= Version{3, 6, 0};
}

Result<Verdict> Applier::may_use_lease(const Sender& sender, std::int64_t lease) const {
    if (lease == 0) return done;
    SALVOR_TRY(const auto admin, auth_.admin(sender));
    if (admin.done()) return done;
    for (const auto key : leases_.keys(lease)) {
        SALVOR_TRY(const auto verdict, auth_.range(sender, Permissions::To::write, {key, {}}));
        if (!verdict.done()) return verdict;
    }
    return done;
}

Result<Verdict> Applier::may_put(const Sender& sender, const PutRequest& request) const {
    const KeyRange key{request.key, {}};
    SALVOR_TRY(const auto write, auth_.range(sender, Permissions::To::write, key));
    if (!write.done()) return write;
    SALVOR_TRY(const auto lease, may_use_lease(sender, request.lease));
    if (!lease.done() || !request.prev_kv) return lease;
    return auth_.range(sender, Permissions::To::read, key);
}

Result<Verdict> Applier::may_delete(const Sender& sender, const DeleteRangeRequest& request) const {
    SALVOR_TRY(const auto write, auth_.range(sender, Permissions::To::write, request.range));
    if (!write.done() || !request.prev_kv) return write;
    return auth_.range(sender, Permissions::To::read, request.range);
}

Result<Verdict> Applier::may_do(const Sender& sender, const RequestOp& op) const {
    if (const auto* range = std::get_if<RangeRequest>(&op)) {
        return auth_.range(sender, Permissions::To::read, range->range);
    }
    if (const auto* put = std::get_if<PutRequest>(&op)) return may_put(sender, *put);
    if (const auto* removal = std::get_if<DeleteRangeRequest>(&op)) {
        return may_delete(sender, *removal);
    }
    if (const auto* inner = std::get_if<TxnRequest>(&op)) return may_transact(sender, *inner);
    return done;
}

Result<Verdict> Applier::may_transact(const Sender& sender, const TxnRequest& request) const {
    for (const auto& compare : request.compares) {
        SALVOR_TRY(const auto verdict, auth_.range(sender, Permissions::To::read, compare.range));
        if (!verdict.done()) return verdict;
    }
    for (const auto* branch : {&request.success, &request.failure}) {
        for (const auto& op : *branch) {
            SALVOR_TRY(const auto verdict, may_do(sender, op));
            if (!verdict.done()) return verdict;
        }
    }
    return done;
}

Result<Verdict> Applier::apply_alarm(const AlarmRequest& request) {
    const auto key = encode_alarm(request.alarm);
    if (request.action == AlarmRequest::Action::activate && request.alarm.type != AlarmType::none) {
        buckets_.put(buckets::alarm, key, {});
    } else if (request.action == AlarmRequest::Action::deactivate) {
        buckets_.remove(buckets::alarm, key);
    }
    SALVOR_CHECK(read_alarms());
    return done;
}

namespace {

/// Carries out one request of each kind. The `may_` checks come first, as in etcd.
template <class... Each>
struct Overloaded : Each... {
    using Each::operator()...;
};

}  // namespace

bool Applier::needs_space(const TxnRequest& request) {
    if (has_put(request, Puts::own)) return true;
    if (line_ == Line::v3_4 || !has_put(request, Puts::all)) return false;
    tally_.remarks.push_back(
        "a transaction whose puts are all in transactions within it came while there was no space: "
        "refused, as 3.5.33, 3.6.14, 3.7.1 and later do; a server before them carried it out");
    return true;
}

Result<Verdict> Applier::carry_out(const RaftRequest& request) {
    const Sender sender{request.username.value_or(""), request.auth_revision};
    const auto permitted = [](Result<Verdict> may, auto&& then) -> Result<Verdict> {
        if (!may || !may->done()) return may;
        return then();
    };
    const Overloaded each{
        [](const std::monostate&) -> Result<Verdict> { return done; },
        [](const ReadingRequest&) -> Result<Verdict> { return done; },
        [](const RangeRequest&) -> Result<Verdict> { return done; },
        [&](const PutRequest& put) {
            return permitted(may_put(sender, put), [&] { return apply_put(put); });
        },
        [&](const DeleteRangeRequest& removal) {
            return permitted(may_delete(sender, removal), [&]() -> Result<Verdict> {
                keys_.remove(removal.range);
                keys_.end();
                return done;
            });
        },
        [&](const TxnRequest& txn) {
            return permitted(may_transact(sender, txn),
                             [&] { return transact(keys_, leases_, txn); });
        },
        [&](const CompactionRequest& compaction) { return compact(compaction.revision); },
        [&](const LeaseGrantRequest& grant) { return leases_.grant(grant); },
        [&](const LeaseRevokeRequest& revoke) {
            return permitted(may_use_lease(sender, revoke.id),
                             [&] { return leases_.revoke(revoke.id); });
        },
        [&](const LeaseCheckpointRequest& checkpoint) -> Result<Verdict> {
            return stores_checkpoints() ? leases_.checkpoint(checkpoint) : Result<Verdict>(done);
        },
        [&](const AlarmRequest& alarm) { return apply_alarm(alarm); },
        [&](const auto& other) -> Result<Verdict> {
            if constexpr (requires { membership_.apply(other); }) {
                return membership_.apply(other);
            } else {
                return permitted(auth_.admin(sender), [&] { return auth_.apply(other); });
            }
        }};
    return std::visit(
        [&](const auto& body) -> Result<Verdict> {
            if (corrupt_ && stopped_where_corrupt<std::decay_t<decltype(body)>>) {
                return corrupt_cluster;
            }
            if (no_space_ && needs_space(body)) return no_space;
            return each(body);
        },
        request.body);
}

Result<Verdict> Applier::apply_put(const PutRequest& request) {
    SALVOR_TRY(const auto verdict, check_put(keys_, leases_, request));
    if (!verdict.done()) return verdict;
    put(keys_, request);
    keys_.end();
    return done;
}

Result<Verdict> Applier::compact(std::int64_t revision) {
    if (revision <= keys_.compacted()) {
        return Verdict{"mvcc: required revision has been compacted"};
    }
    if (revision > keys_.revision()) return Verdict{"mvcc: required revision is a future revision"};
    keys_.compact(revision);
    note_compaction(revision);
    return done;
}

/// Its rows are gone when the store is written: it is begun and finished.
void Applier::note_compaction(std::int64_t revision) {
    const auto row = encode_revision({revision, 0});
    const std::string stored(row.data(), row.size());
    buckets_.put(buckets::meta, meta_keys::scheduled_compact, stored);
    buckets_.put(buckets::meta, meta_keys::finished_compact, stored);
}

}  // namespace salvor::replay
