#include "core/recover/recovery.hpp"

#include <algorithm>

#include "core/recover/unused.hpp"
#include "formats/etcd/buckets.hpp"
#include "formats/etcd/meta.hpp"

namespace salvor::recover {
namespace {

std::string row_key(const FoundRow& row) {
    const auto revision = etcd::encode_revision(row.revision);
    std::string key(revision.data(), revision.size());
    if (row.tombstone) key += 't';
    return key;
}

}  // namespace

Result<std::unique_ptr<Recovery>> Recovery::run(Bytes bytes, Rows rows) {
    SALVOR_TRY(auto area, Area::survey(bytes));
    std::unique_ptr<Recovery> recovery(new Recovery(std::move(area)));
    recovery->outcome_.file_size = bytes.size();
    recovery->outcome_.lay = recovery->area_.lay();
    recovery->choose();
    recovery->fill(rows);
    recovery->find_doubtful();
    recovery->only_certain_ = rows == Rows::certain;
    if (rows == Rows::certain) recovery->outcome_.left_out += recovery->doubtful_.size();
    recovery->find_losses();
    recovery->find_holes();
    recovery->count();
    recovery->account();
    return recovery;
}

/// The root, its buckets, and the tree of `key`.
void Recovery::choose() {
    root_ = choose_root(area_);
    small_ = read_small_rows(area_, root_);
    const auto bucket = bucket_named(area_, root_, etcd::buckets::key);
    if (bucket) tree_ = walk_tree(area_, *bucket);
    const bool unread = !bucket || (tree_.empty() && !tree_.gaps.empty());
    if (unread || root_.by != Root::By::meta) {
        auto found = find_tree(area_);
        if (unread || found.head > tree_.head) {
            tree_ = std::move(found);
            outcome_.tree_found = true;
            // What was compacted when that tree was written, no bucket says.
            small_.compaction.known = small_.compaction.known && root_.by == Root::By::meta;
        }
    }
    mark_all();
    if ((root_.by != Root::By::meta || outcome_.tree_found) && is_stale()) {
        // Then what it has need not have been there any more: every row has to speak for itself.
        tree_ = {};
        tree_.gaps.push_back({{}, endless, 0, 0, 0});
        outcome_.tree_stale = true;
        small_.compaction.known = small_.compaction.known && root_.by == Root::By::meta;
        area_.forget_uses();
        mark_all();
    }
    gaps_ = tree_.gaps;
    find_implicit_gaps();
}

void Recovery::mark_all() {
    lost_within_ = 0;
    mark_metas();
    mark(root_.entries.marks);
    mark(small_.marks);
    mark(tree_.marks);
    area_.add_unread(tree_.unread);
}

/// Whether pages are left of a later tree than the one that was found: with newer rows, or without
/// rows that the found one still has.
bool Recovery::is_stale() const {
    std::vector<etcd::Revision> firsts, lasts, rows;
    bool newer = false;
    for_each_unused_row(area_, {[&](const FoundRow& row) {
                                    newer = newer || (row.whole && row.revision > tree_.head);
                                    if (row.in_sound_page) rows.push_back(row.revision);
                                },
                                [&](etcd::Revision first, etcd::Revision last) {
                                    firsts.push_back(first);
                                    lasts.push_back(last);
                                }});
    if (newer || has_compacted_rows()) return true;
    for (auto* list : {&firsts, &lasts, &rows}) std::sort(list->begin(), list->end());
    bool lacking = false;
    recover::for_each_row(area_, tree_, {}, [&](const FoundRow& row) {
        const auto begun = std::upper_bound(firsts.begin(), firsts.end(), row.revision);
        const auto ended = std::lower_bound(lasts.begin(), lasts.end(), row.revision);
        const auto [from, to] = std::equal_range(rows.begin(), rows.end(), row.revision);
        lacking = lacking || (begun - firsts.begin()) - (ended - lasts.begin()) > to - from;
    });
    return lacking;
}

void Recovery::mark(const std::vector<Mark>& marks) {
    for (const auto& mark : marks) {
        area_.mark(mark.offset, mark.size, mark.use);
        if (mark.use == Use::used && mark.bytes_read < mark.size)
            lost_within_ += mark.size - mark.bytes_read;
    }
}

void Recovery::mark_metas() {
    for (const std::uint64_t which : {0U, 1U}) {
        const auto at = area_.lay().offset_of(bbolt::PageId{which});
        if (!at) continue;
        const auto meta = provable_meta(area_, *at);
        area_.mark(*at, area_.page_size(), meta ? Use::used : Use::lost);
        if (!meta || meta->freelist == bbolt::no_freelist) continue;
        const auto list = area_.lay().offset_of(meta->freelist);
        if (!list || *list + bbolt::page_header_size > area_.image().size()) continue;
        const auto header = bbolt::PageHeader::load(area_.image().data() + *list);
        if (header.flags != static_cast<std::uint16_t>(bbolt::PageType::freelist)) continue;
        const std::uint64_t told = (std::uint64_t{header.overflow} + 1) * area_.page_size();
        const std::uint64_t needed = bbolt::page_header_size + std::uint64_t{header.count} * 8;
        area_.mark(*list, header.count == bbolt::freelist_long_count ? told : needed, Use::used);
    }
}

/// Above the compaction each revision has rows: where the tree has none, some are missing.
void Recovery::find_implicit_gaps() {
    if (!small_.compaction.known) return;
    std::vector<Gap> found;
    etcd::Revision low{std::max<std::int64_t>(small_.compaction.at + 1, 2), 0};
    recover::for_each_row(area_, tree_, {}, [&](const FoundRow& row) {
        const auto revision = row.revision;
        const bool is_next_main = low.sub > 0 && revision == etcd::Revision{low.main + 1, 0};
        if (revision > low && !is_next_main) found.push_back({low, revision, 0, 0, 0});
        if (revision >= low) low = next(revision);
    });
    const auto known = gaps_;
    for (const auto& gap : found) {
        const bool overlaps = std::any_of(known.begin(), known.end(), [&](const Gap& other) {
            return gap.low < other.high && other.low < gap.high;
        });
        if (!overlaps) gaps_.push_back(gap);
    }
    std::sort(gaps_.begin(), gaps_.end(), [](const Gap& a, const Gap& b) { return a.low < b.low; });
}

/// Deletions before a compaction that is known, which it removes.
bool Recovery::has_compacted_rows() const {
    bool found = false;
    recover::for_each_row(area_, tree_, {}, [&](const FoundRow& row) {
        found = found || (row.tombstone && row.revision.main < small_.compaction.at);
    });
    return found && small_.compaction.known;
}

void Recovery::fill(Rows rows) {
    for (auto& row : small_.rows) row.certain = row.certain && root_.by == Root::By::meta;
    given_ = fill_gaps(area_, tree_, gaps_, small_.compaction);
    if (rows == Rows::all) return;
    outcome_.left_out += std::erase_if(given_, [](const FoundRow& row) { return !row.certain; });
    outcome_.left_out +=
        std::erase_if(small_.rows, [](const SmallRow& row) { return !row.certain; });
}

void Recovery::for_each_row(const std::function<void(const FoundRow&)>& each) const {
    auto doubtful = doubtful_.begin();
    recover::for_each_row(area_, tree_, given_, [&](FoundRow row) {
        while (doubtful != doubtful_.end() && *doubtful < row.revision) ++doubtful;
        if (doubtful != doubtful_.end() && *doubtful == row.revision) row.certain = false;
        if (row.certain || !only_certain_) each(row);
    });
}

std::optional<FoundRow> Recovery::row(etcd::Revision revision) const {
    const auto at = std::lower_bound(
        given_.begin(), given_.end(), revision,
        [](const FoundRow& row, etcd::Revision wanted) { return row.revision < wanted; });
    if (at != given_.end() && at->revision == revision) return *at;
    return row_of(area_, tree_, revision);
}

Result<void> Recovery::write_bucket(bbolt::DenseWriter& writer, Bytes bucket) const {
    std::map<Bytes, Bytes> rows;
    for (const auto& row : small_.rows) {
        if (row.bucket == bucket) rows[row.key] = row.value;
    }
    const auto compacted = etcd::encode_revision({outcome_.compacted_at.value_or(0), 0});
    if (bucket == etcd::buckets::meta && outcome_.compacted_at) {
        const Bytes value(compacted.data(), compacted.size());
        rows[etcd::meta_keys::scheduled_compact] = value;
        rows[etcd::meta_keys::finished_compact] = value;
    }
    for (const auto& [key, value] : rows) SALVOR_CHECK(writer.put(key, value));
    return {};
}

Result<void> Recovery::write(FileWriter& out) const {
    return write_pages(
        [&](std::uint64_t offset, Bytes bytes) { return out.write_at(offset, bytes); });
}

Result<void> Recovery::write_pages(const bbolt::DenseWriter::WriteAt& out) const {
    bbolt::DenseWriter writer(out, area_.page_size());
    for (const auto bucket : small_.buckets) {
        SALVOR_CHECK(writer.begin_bucket(bucket));
        if (bucket != etcd::buckets::key) {
            SALVOR_CHECK(write_bucket(writer, bucket));
            continue;
        }
        Result<void> written;
        for_each_row([&](const FoundRow& row) {
            if (written) written = writer.put(row_key(row), row.value(area_.image()));
        });
        SALVOR_CHECK(written);
    }
    return writer.finish(bbolt::TxId{std::max<std::uint64_t>(root_.txid, 1) + 1});
}

}  // namespace salvor::recover
