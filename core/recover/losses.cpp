#include <algorithm>

#include "core/recover/recovery.hpp"
#include "core/timeline/key_hash.hpp"
#include "formats/etcd/key_value.hpp"
#include "formats/etcd/stray_row.hpp"
#include "formats/text/escape.hpp"

namespace salvor::recover {
namespace {

using etcd::Revision;

/// How many revisions from `first` to `last` have no row among these.
std::uint64_t missing(std::int64_t first, std::int64_t last, std::span<const FoundRow> rows) {
    if (last < first) return 0;
    auto absent = static_cast<std::uint64_t>(last - first + 1);
    std::int64_t before = -1;
    for (const auto& row : rows) {
        const auto main = row.revision.main;
        if (main != before && main >= first && main <= last) --absent;
        before = main;
    }
    return absent;
}

/// What of a key's row is asked when its next one is looked at.
struct Step {
    std::uint64_t key_hash;
    std::int64_t main, create, version;
    std::uint32_t order;
    bool tombstone;
};

/// Whether a row follows the one before as etcd writes them.
bool follows(const Step* before, const Step& row) {
    if (!before || before->tombstone) return row.tombstone ? false : row.version == 1;
    return row.tombstone || (row.create == before->create && row.version == before->version + 1);
}

}  // namespace

Loss Recovery::loss_of(const Gap& gap, std::span<const FoundRow> given) const {
    Loss loss{gap.low, gap.high, gap.page, 0, 0, {}};
    if (gap.expected > 0) {
        loss.rows = gap.expected > given.size() ? gap.expected - given.size() : 0;
        if (loss.rows == 1 && gap.row_at > 0) {
            const auto row = etcd::stray_row_at(area_.image(), gap.row_at);
            if (row) loss.key = text::escape(row->user_key);
        }
        return loss;
    }
    // A revision of which the neighbours have rows is not lost as a whole.
    const auto first = std::max(gap.low.main + (gap.low.sub > 0 ? 1 : 0),
                                small_.compaction.known ? small_.compaction.at + 1 : 2);
    const auto end = gap.high == endless ? (given.empty() ? first : given.back().revision.main + 1)
                                         : gap.high.main;
    loss.revisions = missing(first, end - 1, given);
    return loss;
}

void Recovery::find_losses() {
    auto at = given_.begin();
    for (const auto& gap : gaps_) {
        while (at != given_.end() && at->revision < gap.low) ++at;
        auto behind = at;
        while (behind != given_.end() && behind->revision < gap.high) ++behind;
        const std::span<const FoundRow> given(at, behind);
        const auto loss = loss_of(gap, given);
        // A leaf begins with the key that its branch names: then it is there.
        const bool has_first =
            !given.empty() && given.front().in_sound_page && given.front().revision == gap.low;
        const bool old = !small_.compaction.known || gap.low.main <= small_.compaction.at;
        const bool is_open = gap.expected == 0 && !has_first && (old || gap.high == endless);
        if (loss.rows > 0 || loss.revisions > 0 || is_open) outcome_.losses.push_back(loss);
        at = behind;
    }
    for (const auto& row : small_.lost) {
        outcome_.unread.push_back(fmt::format("bucket {}: the row {} does not parse",
                                              text::escape(row.bucket), text::escape(row.key)));
    }
    for (const auto bucket : small_.incomplete)
        outcome_.unread.push_back(
            fmt::format("bucket {}: a part of it cannot be read", text::escape(bucket)));
}

/// The last revision up to which rows are missing that the next ones need: verify, and a reader at
/// an old revision, would take the rest for all there was.
void Recovery::find_holes() {
    if (gaps_.empty() && outcome_.losses.empty() && !outcome_.tree_found &&
        tree_.damaged_pages == 0 && outcome_.left_out == 0) {
        return;
    }
    std::vector<Step> steps;
    std::int64_t hole = small_.compaction.at;
    Revision low{std::max<std::int64_t>(small_.compaction.at + 1, 2), 0};
    for_each_row([&](const FoundRow& row) {
        const auto revision = row.revision;
        const bool is_next_main = low.sub > 0 && revision == Revision{low.main + 1, 0};
        if (revision > low && !is_next_main) hole = std::max(hole, revision.main);
        if (revision >= low) low = next(revision);
        const auto kv = etcd::parse_key_value(row.value(area_.image()));
        if (!kv || kv->key.empty()) return;
        steps.push_back({timeline::hash_of(kv->key), revision.main, kv->create_revision,
                         kv->version, static_cast<std::uint32_t>(steps.size()), row.tombstone});
    });
    std::sort(steps.begin(), steps.end(), [](const Step& a, const Step& b) {
        return a.key_hash != b.key_hash ? a.key_hash < b.key_hash : a.order < b.order;
    });
    for (std::size_t i = 0; i < steps.size(); ++i) {
        const auto& step = steps[i];
        const bool has_before = i > 0 && steps[i - 1].key_hash == step.key_hash;
        if (step.main > small_.compaction.at &&
            !follows(has_before ? &steps[i - 1] : nullptr, step))
            hole = std::max(hole, step.main);
    }
    if (hole > small_.compaction.at) outcome_.compacted_at = hole;
}

/// Of a tree that no meta names a later one may have been, from which a compaction had taken what
/// is not needed for the newest state.
void Recovery::find_doubtful() {
    if (root_.by == Root::By::meta && !outcome_.tree_found) return;
    struct Named {
        std::uint64_t key_hash;
        Revision revision;
        bool tombstone;
    };
    std::vector<Named> rows;
    for_each_row([&](const FoundRow& row) {
        if (const auto key = etcd::parse_key(row.value(area_.image())))
            rows.push_back({timeline::hash_of(*key), row.revision, row.tombstone});
    });
    std::stable_sort(rows.begin(), rows.end(),
                     [](const Named& a, const Named& b) { return a.key_hash < b.key_hash; });
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const bool is_replaced = i + 1 < rows.size() && rows[i + 1].key_hash == rows[i].key_hash;
        if (is_replaced || rows[i].tombstone) doubtful_.push_back(rows[i].revision);
    }
    std::sort(doubtful_.begin(), doubtful_.end());
}

void Recovery::count() {
    outcome_.root_by = root_.by;
    outcome_.meta = root_.meta;
    outcome_.root_page = root_.page;
    outcome_.compaction = small_.compaction;
    outcome_.damaged_pages = tree_.damaged_pages;
    outcome_.small_rows = small_.rows.size();
    for (const auto& row : small_.rows) outcome_.uncertain += row.certain ? 0 : 1;
    for_each_row([&](const FoundRow& row) {
        ++outcome_.rows;
        ++outcome_.sources[row.source];
        outcome_.head = row.revision;
        if (row.certain) return;
        ++outcome_.uncertain;
        outcome_.uncertain_rows.push_back(row);
    });
}

}  // namespace salvor::recover
