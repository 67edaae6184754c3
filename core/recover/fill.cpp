#include "core/recover/fill.hpp"

#include <algorithm>
#include <unordered_set>

#include "core/recover/unused.hpp"
#include "core/timeline/key_hash.hpp"
#include "formats/etcd/key_value.hpp"

namespace salvor::recover {
namespace {

using etcd::Revision;

/// A row of a key in question, wherever it was seen.
struct Seen {
    std::uint64_t key_hash;
    Revision revision;
    std::int64_t create, version;
    bool tombstone;
    bool operator<(const Seen& other) const {
        return key_hash != other.key_hash ? key_hash < other.key_hash : revision < other.revision;
    }
};

class Fill {
 public:
    Fill(const Area& area, const Tree& tree, const std::vector<Gap>& gaps,
         const Compaction& compaction)
        : area_(area), tree_(tree), gaps_(gaps), compaction_(compaction) {}

    std::vector<FoundRow> run() {
        collect();
        drop_contradicted();
        if (std::any_of(rows_.begin(), rows_.end(), [&](const auto& row) { return is_old(row); })) {
            look_at_keys();
            drop_superseded();
        }
        judge_by_count();
        return std::move(rows_);
    }

 private:
    const Gap* gap_of(Revision revision) const;
    /// Whether it may have been compacted away.
    bool is_old(const FoundRow& row) const {
        return !compaction_.known || row.revision.main <= compaction_.at;
    }
    void collect();
    void drop_contradicted();
    void look_at_keys();
    void see(const FoundRow& row);
    void drop_superseded();
    bool is_superseded(FoundRow& row) const;
    void judge_by_count();

    const Area& area_;
    const Tree& tree_;
    const std::vector<Gap>& gaps_;
    Compaction compaction_;
    std::vector<FoundRow> rows_;
    std::vector<Revision> firsts_, lasts_;  ///< of sound pages
    std::unordered_set<std::uint64_t> keys_;
    std::vector<Seen> seen_;
};

const Gap* Fill::gap_of(Revision revision) const {
    const auto behind =
        std::upper_bound(gaps_.begin(), gaps_.end(), revision,
                         [](Revision wanted, const Gap& gap) { return wanted < gap.low; });
    if (behind == gaps_.begin()) return nullptr;
    const auto& gap = *std::prev(behind);
    return revision < gap.high ? &gap : nullptr;
}

void Fill::collect() {
    for_each_unused_row(
        area_, {[&](const FoundRow& row) {
                    if (row.whole && gap_of(row.revision) && !row_of(area_, tree_, row.revision))
                        rows_.push_back(row);
                },
                [&](Revision first, Revision last) {
                    firsts_.push_back(first);
                    lasts_.push_back(last);
                }});
    std::sort(firsts_.begin(), firsts_.end());
    std::sort(lasts_.begin(), lasts_.end());
    std::stable_sort(rows_.begin(), rows_.end(), [](const FoundRow& a, const FoundRow& b) {
        if (a.revision != b.revision) return a.revision < b.revision;
        return a.in_sound_page > b.in_sound_page;
    });
}

/// Keeps one row of each revision, and none that some sound page had to have and has not: that page
/// was written after the row was removed, since no row is ever put in before another.
void Fill::drop_contradicted() {
    std::vector<FoundRow> kept;
    for (auto at = rows_.begin(); at != rows_.end();) {
        const auto revision = at->revision;
        std::ptrdiff_t in_sound_pages = 0;
        bool differ = false;
        const auto& best = *at;
        for (; at != rows_.end() && at->revision == revision; ++at) {
            in_sound_pages += at->in_sound_page ? 1 : 0;
            differ = differ || at->tombstone != best.tombstone ||
                     at->value(area_.image()) != best.value(area_.image());
        }
        const auto cover =
            std::upper_bound(firsts_.begin(), firsts_.end(), revision) - firsts_.begin() -
            (std::lower_bound(lasts_.begin(), lasts_.end(), revision) - lasts_.begin());
        auto row = best;
        if (cover > in_sound_pages && is_old(row)) continue;
        // Above the compaction tombstones stay, below they go; one at it stays with later releases.
        if (compaction_.known && row.tombstone && row.revision.main < compaction_.at) continue;
        row.certain = row.ended && !is_old(row) && !differ;
        kept.push_back(row);
    }
    rows_ = std::move(kept);
}

void Fill::see(const FoundRow& row) {
    const auto kv = etcd::parse_key_value(row.value(area_.image()));
    if (!kv) return;
    const auto hash = timeline::hash_of(kv->key);
    if (!keys_.contains(hash)) return;
    seen_.push_back({hash, row.revision, kv->create_revision, kv->version, row.tombstone});
}

/// Every row there is of the keys that are in question.
void Fill::look_at_keys() {
    for (const auto& row : rows_) {
        const auto key = etcd::parse_key(row.value(area_.image()));
        if (key && is_old(row)) keys_.insert(timeline::hash_of(*key));
    }
    for_each_row(area_, tree_, {}, [&](const FoundRow& row) { see(row); });
    for_each_unused_row(area_, {[&](const FoundRow& row) {
                                    if (row.whole) see(row);
                                },
                                {}});
    std::sort(seen_.begin(), seen_.end());
}

void Fill::drop_superseded() {
    std::vector<FoundRow> kept;
    for (auto row : rows_) {
        if (!is_old(row) || !is_superseded(row)) kept.push_back(row);
    }
    rows_ = std::move(kept);
}

/// Where the key's next row follows this very one it becomes certain.
bool Fill::is_superseded(FoundRow& row) const {
    const auto kv = etcd::parse_key_value(row.value(area_.image()));
    if (!kv || !compaction_.known) return false;
    const Seen own{timeline::hash_of(kv->key), row.revision, 0, 0, false};
    const auto after = std::upper_bound(seen_.begin(), seen_.end(), own);
    if (after == seen_.end() || after->key_hash != own.key_hash) return false;
    if (after->revision.main <= compaction_.at) return true;
    if (after->tombstone || row.tombstone) return false;
    if (after->create != kv->create_revision) return true;
    row.certain = row.ended && after->version == kv->version + 1;
    return false;
}

/// As many as the gap's page says it had: it is those.
void Fill::judge_by_count() {
    for (std::size_t i = 0; i < rows_.size();) {
        const auto* gap = gap_of(rows_[i].revision);
        std::size_t end = i;
        while (end < rows_.size() && gap && rows_[end].revision < gap->high) ++end;
        for (std::size_t k = i; gap && gap->expected == end - i && k < end; ++k)
            rows_[k].certain = rows_[k].ended;
        i = std::max(end, i + 1);
    }
}

}  // namespace

std::vector<FoundRow> fill_gaps(const Area& area, const Tree& tree, const std::vector<Gap>& gaps,
                                const Compaction& compaction) {
    if (gaps.empty()) return {};
    return Fill(area, tree, gaps, compaction).run();
}

}  // namespace salvor::recover
