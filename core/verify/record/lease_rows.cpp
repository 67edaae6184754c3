#include <algorithm>

#include "core/verify/remedies.hpp"
#include "core/verify/rules.hpp"
#include "core/verify/stages.hpp"

namespace salvor::verify {
namespace {

constexpr Rule lease_key{"lease-key", Layer::record, Severity::error,
                         "a lease's key is its id in 8 bytes", remedy::damaged};
constexpr Rule lease_value{"lease-value", Layer::record, Severity::error,
                           "a lease's value parses as leasepb.Lease", remedy::stops_etcd};
constexpr Rule lease_id{"lease-id", Layer::record, Severity::error,
                        "a lease's value has the id that its key has", remedy::damaged};
constexpr Rule lease_ttl{
    "lease-ttl", Layer::record, Severity::warning,
    "a lease's TTL is from 1 to 9,000,000,000 seconds, what remains of it no more than that",
    "the lease expires at another time than it was granted for: look at the keys attached to it"};
constexpr std::array table{lease_key, lease_value, lease_id, lease_ttl};

void check_ttl(const BucketRow& row, const etcd::Lease& lease, Collector& findings) {
    if (lease.ttl < 1 || lease.ttl > etcd::max_lease_ttl) {
        findings.add(lease_ttl, row.place(),
                     fmt::format("lease {:016x}: a TTL of {} seconds", lease.id, lease.ttl));
    } else if (lease.remaining_ttl < 0 || lease.remaining_ttl > lease.ttl) {
        findings.add(lease_ttl, row.place(),
                     fmt::format("lease {:016x}: {} seconds remain of a TTL of {}", lease.id,
                                 lease.remaining_ttl, lease.ttl));
    }
}

}  // namespace

RuleRows lease_row_rules() {
    return table;
}

void check_lease_row(const BucketRow& row, Rows& rows, Collector& findings) {
    const auto id = etcd::parse_lease_key(row.entry.key);
    if (!id) {
        findings.add(
            lease_key, row.place(),
            fmt::format("lease row: a key of {} bytes is no lease id of 8", row.entry.key.size()));
    }
    const auto lease = etcd::parse_lease(row.entry.value);
    if (!lease) {
        findings.add(lease_value, row.place(), fmt::format("lease row: {}", lease.error().message));
        return;
    }
    if (id && *id != lease->id) {
        findings.add(lease_id, row.place(),
                     fmt::format("lease {:016x}: its value says lease {:016x}", *id, lease->id));
    }
    check_ttl(row, *lease, findings);
    rows.leases.push_back(lease->id);
}

}  // namespace salvor::verify
