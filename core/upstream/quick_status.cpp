#include "core/upstream/quick_status.hpp"

#include <atomic>
#include <thread>

#include "core/upstream/leaf_units.hpp"
#include "core/upstream/live_keys.hpp"
#include "core/upstream/row_value.hpp"
#include "core/upstream/storage_version.hpp"
#include "formats/base/checksum.hpp"
#include "formats/etcd/buckets.hpp"
#include "formats/etcd/meta.hpp"
#include "formats/etcd/revision.hpp"

namespace salvor::upstream {
namespace {

using bbolt::number;
using bbolt::PageView;

/// The sum of one unit's keys and values.
struct UnitSum {
    std::uint32_t crc = 0;
    std::uint64_t size = 0;

    void add(Bytes bytes) {
        crc = crc32c(crc, bytes);
        size += bytes.size();
    }
};

/// Sums units, any of them on any core. Keys and values that stand side by side are summed as one.
class Summer {
 public:
    Summer(const bbolt::Database& db, const Units& units)
        : db_(db), units_(units.units), sums_(units.units.size()) {}

    /// Takes units until none is left.
    void run() {
        for (;;) {
            const std::size_t i = next_.fetch_add(1, std::memory_order_relaxed);
            if (i >= units_.size() || failed_.load(std::memory_order_relaxed)) return;
            if (!sum(i)) failed_.store(true, std::memory_order_relaxed);
        }
    }
    bool failed() const { return failed_.load(); }
    const UnitSum& of(std::size_t unit) const { return sums_[unit]; }

 private:
    bool sum(std::size_t index) {
        UnitSum total;
        Bytes run;
        const auto add = [&](Bytes bytes) {
            if (run.data() + run.size() == bytes.data()) {
                run = Bytes(run.data(), run.size() + bytes.size());
                return;
            }
            total.add(run);
            run = bytes;
        };
        for (std::size_t leaf = 0; leaf < units_[index].count(); ++leaf) {
            const auto page = unit_leaf(db_, units_[index], leaf);
            if (!page) return false;
            for (std::size_t i = 0; i < page->count(); ++i) {
                const auto entry = page->leaf(i);
                add(entry.key);
                add(entry.value);
            }
        }
        total.add(run);
        sums_[index] = total;
        return true;
    }

    const bbolt::Database& db_;
    const std::vector<LeafUnit>& units_;
    std::vector<UnitSum> sums_;
    std::atomic<std::size_t> next_{0};
    std::atomic<bool> failed_{false};
};

/// The one who looks: every page reached once, every key in its place, every row of the `key`
/// bucket.
enum class Rows {
    unseen,   ///< only the tree matters
    counted,  ///< 3.4, 3.5
    live,     ///< 3.6, 3.7
};

class Looker {
 public:
    Looker(etcd::Line line, const bbolt::Database& db, const Units& units, Rows rows)
        : line_(line),
          db_(db),
          units_(units),
          reached_(number(db.meta().high_water)),
          rows_(rows),
          live_(db.image(), line) {}

    Result<void> run() {
        for (const auto* pages : {&units_.branches, &units_.root_leaves}) {
            for (const auto& page : *pages) SALVOR_CHECK(reach(page));
        }
        for (const auto& unit : units_.units) {
            for (std::size_t i = 0; i < unit.count(); ++i) SALVOR_CHECK(leaf(unit, i));
        }
        return {};
    }
    std::int64_t revision() const { return revision_; }
    std::uint64_t total_key() const { return rows_ == Rows::live ? live_.count() : entries_; }

 private:
    Result<void> reach(const PageView& page) {
        const std::uint64_t id = number(page.id());
        const std::uint64_t end = id + page.header().overflow + 1;
        for (std::uint64_t i = id; i < end; ++i) {
            if (id < 2 || i >= reached_.size() || reached_[i]) {
                return fail_at(page.offset(), ErrorCode::malformed,
                               "page {}: page {} of its run is used twice or out of range", id, i);
            }
            reached_[i] = true;
        }
        return {};
    }

    Result<void> leaf(const LeafUnit& unit, std::size_t index) {
        SALVOR_TRY(const auto page, unit_leaf(db_, unit, index));
        const auto& bucket = units_.buckets[unit.bucket];
        if (!bucket.bucket.is_inline()) SALVOR_CHECK(reach(page));
        Bytes previous = least_key(unit, index);
        const auto bound = key_bound(unit, index);
        const bool is_rows = rows_ != Rows::unseen && bucket.name == etcd::buckets::key;
        for (std::size_t i = 0; i < page.count(); ++i) {
            const auto entry = page.leaf(i);
            const bool ordered = i == 0 ? entry.key >= previous : entry.key > previous;
            if (entry.is_bucket || !ordered || (bound && entry.key >= *bound)) {
                return fail_at(page.element_offset(i), ErrorCode::malformed,
                               "page {}: entry {} is a bucket or out of order", number(page.id()),
                               i);
            }
            previous = entry.key;
            if (is_rows) SALVOR_CHECK(row(page, i, entry));
        }
        entries_ += page.count();
        return {};
    }

    Result<void> row(const PageView& page, std::size_t i, const bbolt::LeafEntry& entry) {
        const auto key = etcd::parse_row_key(entry.key);
        if (!key)
            return fail_at(page.element_offset(i), ErrorCode::malformed,
                           "page {}: entry {} of bucket key is no revision", number(page.id()), i);
        revision_ = key->revision.main;
        if (rows_ != Rows::live) return {};
        const auto user_key = row_user_key(entry.value, line_);
        if (!user_key)
            return fail_at(page.element_offset(i), ErrorCode::malformed,
                           "page {}: the value of entry {} does not parse: {}", number(page.id()),
                           i, user_key.error());
        key->tombstone ? live_.remove(*user_key) : live_.put(*user_key, page.element_offset(i));
        return {};
    }

    etcd::Line line_;
    const bbolt::Database& db_;
    const Units& units_;
    std::vector<bool> reached_;
    Rows rows_;
    LiveKeys live_;
    std::int64_t revision_ = 0;
    std::uint64_t entries_ = 0;
};

/// What must be so before the tree is looked at.
Result<bbolt::Database> sound_frame(const Image& image, Bytes file) {
    SALVOR_TRY(auto db, bbolt::Database::open(file));
    if (db.page_size() != image.page_size() || db.meta().root != image.meta().root ||
        db.meta().txid != image.meta().txid) {
        return fail(ErrorCode::malformed, "the meta pages do not agree on the page size");
    }
    if (number(db.meta().high_water) > file.size() / db.page_size()) {
        return fail(ErrorCode::malformed,
                    "the file has {} bytes, its {} pages of {} need more: it was cut short",
                    file.size(), number(db.meta().high_water), db.page_size());
    }
    for (const int i : {0, 1}) {
        SALVOR_TRY(const auto page, db.page(bbolt::PageId{static_cast<std::uint64_t>(i)}));
        if (page.type() != bbolt::PageType::meta)
            return fail(ErrorCode::malformed, "page {}: its flags are not those of a meta page", i);
        if (!db.metas()[i].valid())
            return fail(ErrorCode::malformed, "meta page {}: {}", i, db.metas()[i].flaw);
    }
    // Nothing is wrong with that, but whether the list is right only the exact walk tells.
    if (db.stores_freelist()) return fail(ErrorCode::unsupported, "");
    return db;
}

std::uint32_t joined(const Units& units, const Summer& summer) {
    std::uint32_t crc = 0;
    std::size_t unit = 0;
    for (std::size_t bucket = 0; bucket < units.buckets.size(); ++bucket) {
        crc = crc32c(crc, units.buckets[bucket].name);
        for (; unit < units.units.size() && units.units[unit].bucket == bucket; ++unit) {
            crc = crc32c_combine(crc, summer.of(unit).crc, summer.of(unit).size);
        }
    }
    return crc;
}

Result<std::string> stored_version(const bbolt::Database& db) {
    SALVOR_TRY(const auto meta, db.bucket(etcd::buckets::meta));
    if (!meta) return fail(ErrorCode::not_found, "there is no bucket meta");
    SALVOR_TRY(const auto value, db.get(*meta, etcd::meta_keys::storage_version));
    return normal_version(value.value_or(Bytes{}));
}

}  // namespace

Result<Status> quick_status(const Image& image, Bytes file) {
    SALVOR_TRY(const auto db, sound_frame(image, file));
    Status status;
    if (image.line() >= etcd::Line::v3_6) {
        SALVOR_TRY(status.version, stored_version(db));
    }
    SALVOR_TRY(const auto units, find_units(db));
    Summer summer(db, units);
    Looker looker(image.line(), db, units,
                  image.line() >= etcd::Line::v3_6 ? Rows::live : Rows::counted);
    Result<void> looked;
    {
        std::jthread second([&] { summer.run(); });
        looked = looker.run();
        summer.run();
    }
    SALVOR_CHECK(std::move(looked));
    if (summer.failed()) return fail(ErrorCode::malformed, "a leaf page could not be read");
    status.hash = joined(units, summer);
    status.revision = looker.revision();
    status.total_key = looker.total_key();
    status.total_size = static_cast<std::int64_t>(db.logical_size());
    return status;
}

Result<void> quick_check(const Image& image, Bytes file) {
    SALVOR_TRY(const auto db, sound_frame(image, file));
    SALVOR_TRY(const auto units, find_units(db));
    return Looker(image.line(), db, units, Rows::unseen).run();
}

}  // namespace salvor::upstream
