#include "core/verify/rules.hpp"
#include "core/verify/stages.hpp"
#include "formats/etcd/buckets.hpp"

namespace salvor::verify {
namespace {

constexpr Rule compact_order{
    "compact-order", Layer::revision, Severity::error,
    "no compaction has finished that was not scheduled",
    "one of the two rows is damaged: use another backup or another copy of this one"};
constexpr Rule compact_pending{"compact-pending", Layer::revision, Severity::note,
                               "the compaction that was scheduled has finished",
                               "etcd finishes it when it starts; after a restore with "
                               "--bump-revision this is as it should be"};
constexpr std::array table{compact_order, compact_pending};

Place in_meta(Bytes key) {
    Place place;
    place.bucket = etcd::buckets::meta;
    place.key = std::string(key);
    return place;
}

}  // namespace

RuleRows compaction_rules() {
    return table;
}

void check_compaction(const Rows& rows, Collector& findings) {
    const auto [known, scheduled, finished] = rows.compaction();
    if (!known) return;
    if (finished > scheduled) {
        findings.add(compact_order, in_meta(etcd::meta_keys::finished_compact),
                     fmt::format("finishedCompactRev is {}, scheduledCompactRev {}", finished,
                                 scheduled < 0 ? "is absent" : std::to_string(scheduled)));
    } else if (scheduled > finished) {
        findings.add(
            compact_pending, in_meta(etcd::meta_keys::scheduled_compact),
            fmt::format("a compaction at {} was scheduled and has not finished{}", scheduled,
                        finished < 0 ? "" : fmt::format(" (the last that did: {})", finished)));
    }
}

}  // namespace salvor::verify
