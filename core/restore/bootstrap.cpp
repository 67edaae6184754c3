#include "core/restore/bootstrap.hpp"

#include <algorithm>

#include "formats/snap/snap_file.hpp"
#include "formats/snap/v2_store.hpp"
#include "formats/wal/segment_name.hpp"
#include "formats/wal/writer.hpp"

namespace salvor::restore {
namespace {

/// As upstream adds them to the v2 store: by id, and since 3.6 as --initial-cluster has them.
std::vector<etcd::Member> in_order_of_creation(const Plan& plan) {
    if (plan.request.line < etcd::Line::v3_6) return plan.members;
    std::vector<etcd::Member> created;
    for (const auto& peer : plan.request.initial_cluster) {
        created.push_back(*std::ranges::find(plan.members, peer.name, &etcd::Member::name));
    }
    return created;
}

}  // namespace

Bootstrap bootstrap(const Plan& plan, etcd::MemberId self) {
    constexpr std::uint64_t term = 1;
    const auto line = plan.request.line;
    const std::uint64_t index = plan.members.size();
    etcd::ConfState voters;
    wal::SegmentWriter log(line);
    log.metadata(self, plan.cluster_id);
    log.snapshot({});
    for (const auto& member : plan.members) {
        voters.voters.push_back(member.id);
        const auto data = wal::add_member_change(line, member);
        log.entry({wal::Entry::Type::conf_change, term, voters.voters.size(), data, 0, 0});
    }
    log.hard_state({term, number(plan.members.front().id), index});
    log.snapshot({index, term, voters});
    const auto store = snap::restored_store(line, in_order_of_creation(plan));
    return {wal::segment_name(0, 0), log.bytes(), snap::file_name(term, index),
            snap::encode(line, {term, index, voters, store})};
}

}  // namespace salvor::restore
