#include "core/replay/transaction.hpp"

#include <algorithm>

namespace salvor::replay {
namespace {

using namespace etcd;

std::int64_t number_of(const KeyValue& kv, Compare::Target target) {
    switch (target) {
        case Compare::Target::version: return kv.version;
        case Compare::Target::create: return kv.create_revision;
        case Compare::Target::mod: return kv.mod_revision;
        case Compare::Target::lease: return kv.lease;
        case Compare::Target::value: break;
    }
    return 0;
}

/// Below 0, 0, above 0.
int order(const Compare& compare, const KeyValue& kv) {
    const bool is_of_kind = compare.sent == compare.target;
    if (compare.target == Compare::Target::value) {
        return kv.value.compare(is_of_kind ? compare.value : Bytes{});
    }
    const auto wanted = is_of_kind ? compare.number : 0;
    const auto found = number_of(kv, compare.target);
    return found < wanted ? -1 : found > wanted ? 1 : 0;
}

bool holds(const Compare& compare, const KeyValue& kv) {
    const int found = order(compare, kv);
    switch (compare.result) {
        case Compare::Result::equal: return found == 0;
        case Compare::Result::not_equal: return found != 0;
        case Compare::Result::greater: return found > 0;
        case Compare::Result::less: return found < 0;
    }
    return true;
}

/// For every key of the range; where there is none, for a key of zeros, but never for a value.
bool holds(const Keyspace& keys, const Compare& compare) {
    bool any = false;
    bool all = true;
    keys.for_each_live(compare.range, [&](const KeyValue& kv) {
        any = true;
        return all = holds(compare, kv);
    });
    if (any) return all;
    return compare.target != Compare::Target::value && holds(compare, KeyValue{});
}

/// Which branch is taken on each level, in the order of the transactions.
class Path {
 public:
    Path(const Keyspace& keys, const TxnRequest& request) { add(keys, request); }
    void rewind() { at_ = 0; }
    const std::vector<RequestOp>& next(const TxnRequest& request) {
        return taken_[at_++] ? request.success : request.failure;
    }

 private:
    void add(const Keyspace& keys, const TxnRequest& request) {
        const bool success = std::ranges::all_of(
            request.compares, [&](const auto& compare) { return holds(keys, compare); });
        taken_.push_back(success);
        for (const auto& op : success ? request.success : request.failure) {
            if (const auto* inner = std::get_if<TxnRequest>(&op)) add(keys, *inner);
        }
    }
    std::vector<bool> taken_;
    std::size_t at_ = 0;
};

Verdict check_range(const Keyspace& keys, const RangeRequest& request) {
    if (request.revision == 0) return done;
    if (request.revision > keys.revision()) {
        return {"mvcc: required revision is a future revision"};
    }
    if (request.revision < keys.compacted()) {
        return {"mvcc: required revision has been compacted"};
    }
    return done;
}

Result<Verdict> check(const Keyspace& keys, const Leases& leases, Path& path,
                      const TxnRequest& request) {
    for (const auto& op : path.next(request)) {
        Verdict verdict;
        if (const auto* range = std::get_if<RangeRequest>(&op)) {
            verdict = check_range(keys, *range);
        } else if (const auto* put = std::get_if<PutRequest>(&op)) {
            SALVOR_TRY(verdict, check_put(keys, leases, *put));
        } else if (const auto* inner = std::get_if<TxnRequest>(&op)) {
            SALVOR_TRY(verdict, check(keys, leases, path, *inner));
        }
        if (!verdict.done()) return verdict;
    }
    return done;
}

Result<void> execute(Keyspace& keys, Path& path, const TxnRequest& request) {
    for (const auto& op : path.next(request)) {
        if (const auto* write = std::get_if<PutRequest>(&op)) {
            // It was there when that was checked; the transaction itself took it away.
            if ((write->ignore_value || write->ignore_lease) && !keys.live(write->key)) {
                return fail(ErrorCode::unsupported,
                            "a transaction deletes a key and then keeps its value: a server ends "
                            "on that");
            }
            put(keys, *write);
        } else if (const auto* removal = std::get_if<DeleteRangeRequest>(&op)) {
            keys.remove(removal->range);
        } else if (const auto* inner = std::get_if<TxnRequest>(&op)) {
            SALVOR_CHECK(execute(keys, path, *inner));
        }
    }
    return {};
}

}  // namespace

Result<Verdict> check_put(const Keyspace& keys, const Leases& leases, const PutRequest& request) {
    if ((request.ignore_value || request.ignore_lease) && !keys.live(request.key)) {
        return Verdict{"etcdserver: key not found"};
    }
    if (request.lease == 0) return done;
    SALVOR_TRY(const auto there, leases.exists(request.lease));
    return there ? done : Verdict{"lease not found"};
}

void put(Keyspace& keys, const PutRequest& request) {
    auto value = request.value;
    auto lease = request.lease;
    if (request.ignore_value || request.ignore_lease) {
        const auto before = keys.live(request.key);
        if (before && request.ignore_value) value = before->value;
        if (before && request.ignore_lease) lease = before->lease;
    }
    keys.put(request.key, value, lease);
}

Result<Verdict> transact(Keyspace& keys, const Leases& leases, const TxnRequest& request) {
    Path path(keys, request);
    SALVOR_TRY(const auto verdict, check(keys, leases, path, request));
    if (!verdict.done()) return verdict;
    path.rewind();
    SALVOR_CHECK(execute(keys, path, request));
    keys.end();
    return done;
}

bool has_put(const TxnRequest& request, Puts which) {
    const auto puts = [which](const RequestOp& op) {
        const auto* inner = std::get_if<TxnRequest>(&op);
        return std::holds_alternative<PutRequest>(op) ||
               (inner && which == Puts::all && has_put(*inner, which));
    };
    return std::ranges::any_of(request.success, puts) || std::ranges::any_of(request.failure, puts);
}

}  // namespace salvor::replay
