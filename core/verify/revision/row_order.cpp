#include <algorithm>

#include "core/verify/remedies.hpp"
#include "core/verify/revision/key_rows.hpp"
#include "core/verify/rules.hpp"

namespace salvor::verify {
namespace {

constexpr Rule revision_gap{"revision-gap", Layer::revision, Severity::error,
                            "every revision above the compacted one has its rows", remedy::damaged};
constexpr Rule sub_gap{
    "sub-gap", Layer::revision, Severity::error,
    "the changes of a revision above the compacted one are numbered from 0 without a gap",
    remedy::damaged};
constexpr Rule row_twice{"row-twice", Layer::revision, Severity::error,
                         "a revision's change is either a value or a deletion", remedy::damaged};
constexpr Rule revision_first{
    "revision-first", Layer::revision, Severity::error, "rows begin at revision 1",
    "etcd does not read the row: use another backup or another copy of this one"};
constexpr std::array table{revision_gap, sub_gap, row_twice, revision_first};

// A fresh store is at revision 1, so its first change makes 2. Source: etcd
// server/storage/mvcc/kvstore.go
constexpr std::int64_t first_change = 2;

}  // namespace

RuleRows row_order_rules() {
    return table;
}

void RowOrder::row(const bbolt::CheckedLeaf& leaf, std::size_t index, const etcd::RowKey& key) {
    const auto revision = key.revision;
    if (revision.main < 1) {
        findings_.add(revision_first, place_of(db_, leaf, index),
                      fmt::format("row {} is before revision 1", to_string(revision)));
        return;
    }
    if (jump_ && revision < jump_->to) {
        jump_.reset();  // what it led to is out of place: the tree's check told that
    } else if (jump_) {
        confirm_jump();
    }
    if (revision < last_) return;
    if (revision.main == last_.main) {
        within_revision(leaf, index, key);
    } else if (compaction_.keeps_all_of(revision.main)) {
        step(leaf, index, revision);
    }
    if (!jump_) remember(leaf, revision);
}

void RowOrder::within_revision(const bbolt::CheckedLeaf& leaf, std::size_t index,
                               const etcd::RowKey& key) {
    const auto revision = key.revision;
    if (revision == last_) {
        findings_.add(
            row_twice, place_of(db_, leaf, index),
            fmt::format("row {} is there as a value and as a deletion", to_string(revision)));
    } else if (compaction_.keeps_all_of(revision.main) && revision.sub != last_.sub + 1) {
        findings_.add(sub_gap, place_of(db_, leaf, index),
                      fmt::format("row {} follows row {}: changes between them are missing",
                                  to_string(revision), to_string(last_)));
    }
}

void RowOrder::step(const bbolt::CheckedLeaf& leaf, std::size_t index, etcd::Revision to) {
    if (to.sub != 0) {
        findings_.add(
            sub_gap, place_of(db_, leaf, index),
            fmt::format("row {} is the first of its revision: the changes before it are missing",
                        to_string(to)));
    }
    const auto next = std::max({last_.main + 1, compaction_.compacted() + 1, first_change});
    if (to.main <= next) return;
    Place place = place_of(db_, leaf, index);
    // Rows at the end of a page are lost more easily than at its beginning, so the place is the row
    // before.
    if (last_.main > 0) {
        place.page = last_page_;
        place.path = last_path_;
        place.offset = last_page_ * db_.page_size();
        place.key.reset();
        place.revision = to_string(last_);
    }
    jump_ = Jump{next, last_, to, std::move(place)};
}

void RowOrder::confirm_jump() {
    if (!jump_) return;
    const auto first = jump_->first_missing, last = jump_->to.main - 1;
    const auto which = first == last ? fmt::format("revision {} has", first)
                                     : fmt::format("revisions {} to {} have", first, last);
    findings_.add(
        revision_gap, std::move(jump_->place),
        jump_->before.main > 0
            ? fmt::format("{} no rows: row {} is followed by row {}", which,
                          to_string(jump_->before), to_string(jump_->to))
            : fmt::format("{} no rows: the first row is {}", which, to_string(jump_->to)));
    last_ = jump_->to;
    jump_.reset();
}

void RowOrder::remember(const bbolt::CheckedLeaf& leaf, etcd::Revision revision) {
    last_ = revision;
    const auto page = leaf.path.empty() ? 0 : leaf.path.back();
    if (page == last_page_) return;
    last_page_ = page;
    last_path_ = leaf.path;
}

}  // namespace salvor::verify
