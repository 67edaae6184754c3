#include "core/upstream/leaf_pass.hpp"

#include <system_error>
#include <thread>
#include <utility>

#include "core/upstream/row_value.hpp"
#include "formats/base/checksum.hpp"
#include "formats/etcd/buckets.hpp"
#include "formats/etcd/revision.hpp"

namespace salvor::upstream {

using bbolt::number;

namespace {
constexpr std::uint64_t bits = 64;
// Pages of something else between two leaves that are read with them: so much is read in vain at
// most.
constexpr std::uint64_t widest_gap = 8;
// Units finished before one that is still worked on: what they found out is kept until then.
constexpr std::size_t most_ahead = 16;
}  // namespace

LeafPass::LeafPass(etcd::Line line, const bbolt::Database& db, int fd, const Units& units,
                   Wanted wanted, Access access)
    : line_(line),
      db_(db),
      fd_(fd),
      units_(units),
      wanted_(wanted),
      access_(access),
      done_(units.units.size()),
      pages_(number(db.meta().high_water)),
      reached_(std::make_unique<std::atomic<std::uint64_t>[]>(pages_ / bits + 1)),
      live_(pages_) {}

Result<void> LeafPass::run() {
    for (const auto* pages : {&units_.branches, &units_.root_leaves}) {
        for (const auto& page : *pages) SALVOR_CHECK(reach(page));
    }
    {
        std::optional<std::jthread> second;
        try {
            second.emplace([this] { work(); });
        } catch (const std::system_error&) {
            // No thread to be had: this one does the work.
        }
        work();
    }
    if (error_) return std::unexpected(*error_);
    return {};
}

void LeafPass::work() {
    PageWindow window(db_, fd_, access_);
    while (!stop_.load(std::memory_order_relaxed)) {
        const std::size_t index = next_.fetch_add(1, std::memory_order_relaxed);
        if (index >= done_.size() || !await_turn(index)) return;
        if (auto checked = unit(units_.units[index], done_[index], window); !checked) {
            const std::lock_guard lock(mutex_);
            error_ = checked.error();
            stop_ = true;
            applied_more_.notify_all();
            return;
        }
        finish(index);
    }
}

bool LeafPass::await_turn(std::size_t index) {
    std::unique_lock lock(mutex_);
    applied_more_.wait(lock, [&] { return stop_ || index < applied_ + most_ahead; });
    return !stop_;
}

Result<void> LeafPass::unit(const LeafUnit& unit, Done& done, PageWindow& window) {
    if (unit.only) return leaf(unit, 0, *unit.only, done);
    for (std::size_t i = 0; i < unit.leaves; ++i) {
        const auto id = unit.child(i);
        const std::uint64_t at = number(id) * db_.page_size();
        const bool is_there = window.holds(at, db_.page_size());
        SALVOR_TRY(const auto page,
                   window.page(id, is_there ? 0 : neighbours_end(unit, i, window.capacity())));
        SALVOR_CHECK(check_leaf(page));
        SALVOR_CHECK(leaf(unit, i, page, done));
    }
    return {};
}

/// Where the pages end that follow leaf `i` in the file as they do in the tree, or nearly so.
std::uint64_t LeafPass::neighbours_end(const LeafUnit& unit, std::size_t i,
                                       std::uint64_t most) const {
    std::uint64_t last = number(unit.child(i));
    const std::uint64_t limit = last + most / db_.page_size();
    while (++i < unit.leaves) {
        const std::uint64_t next = number(unit.child(i));
        if (next <= last || next - last > widest_gap || next >= limit) break;
        last = next;
    }
    // What overflows from the last one is most of it where pages overflow.
    return std::min(limit, last + widest_gap) * db_.page_size();
}

// First of all, since it reads the whole page in order. What stands side by side is summed as one
// run.
void LeafPass::add(const bbolt::PageView& page, Done& done) {
    Bytes run;
    const auto flush = [&] {
        done.crc = crc32c(done.crc, run);
        done.size += run.size();
    };
    for (std::size_t i = 0; i < page.count(); ++i) {
        const auto entry = page.leaf(i);
        for (const Bytes part : {entry.key, entry.value}) {
            if (run.data() + run.size() == part.data()) {
                run = Bytes(run.data(), run.size() + part.size());
            } else {
                flush();
                run = part;
            }
        }
    }
    flush();
}

Result<void> LeafPass::leaf(const LeafUnit& unit, std::size_t index, const bbolt::PageView& page,
                            Done& done) {
    if (wanted_ != Wanted::order) add(page, done);
    const auto& bucket = units_.buckets[unit.bucket];
    if (!bucket.bucket.is_inline()) SALVOR_CHECK(reach(page));
    Bytes previous = least_key(unit, index);
    const auto bound = key_bound(unit, index);
    const bool is_rows = wanted_ != Wanted::order && bucket.name == etcd::buckets::key;
    for (std::size_t i = 0; i < page.count(); ++i) {
        const auto entry = page.leaf(i);
        const bool ordered = i == 0 ? entry.key >= previous : entry.key > previous;
        if (entry.is_bucket || !ordered || (bound && entry.key >= *bound)) {
            return fail_at(page.element_offset(i), ErrorCode::malformed,
                           "page {}: entry {} is a bucket or out of order", number(page.id()), i);
        }
        previous = entry.key;
        if (is_rows) SALVOR_CHECK(row(page, i, entry, done));
    }
    done.entries += page.count();
    return {};
}

Result<void> LeafPass::row(const bbolt::PageView& page, std::size_t i,
                           const bbolt::LeafEntry& entry, Done& done) {
    const auto key = etcd::parse_row_key(entry.key);
    if (!key) {
        return fail_at(page.element_offset(i), ErrorCode::malformed,
                       "page {}: entry {} of bucket key is no revision", number(page.id()), i);
    }
    done.revision = key->revision.main;
    if (wanted_ != Wanted::live) return {};
    const auto user_key = row_user_key(entry.value, line_);
    if (!user_key) {
        return fail_at(page.element_offset(i), ErrorCode::malformed,
                       "page {}: the value of entry {} does not parse: {}", number(page.id()), i,
                       user_key.error());
    }
    done.changes.push_back(live_.change(*user_key, key->tombstone));
    return {};
}

Result<void> LeafPass::reach(const bbolt::PageView& page) {
    const std::uint64_t id = number(page.id());
    const std::uint64_t end = id + page.header().overflow + 1;
    for (std::uint64_t i = id; i < end; ++i) {
        const std::uint64_t bit = std::uint64_t{1} << (i % bits);
        const bool outside = id < 2 || i >= pages_;
        if (outside || (reached_[i / bits].fetch_or(bit, std::memory_order_relaxed) & bit) != 0) {
            return fail_at(page.offset(), ErrorCode::malformed,
                           "page {}: page {} of its run is used twice or out of range", id, i);
        }
    }
    return {};
}

// Whoever finishes the unit that is waited for goes on with those that are finished behind it.
void LeafPass::finish(std::size_t index) {
    const std::lock_guard lock(mutex_);
    done_[index].finished = true;
    for (; applied_ < done_.size() && done_[applied_].finished; ++applied_) {
        auto& done = done_[applied_];
        // Moved out, so that the memory goes: `= {}` would empty the vector and keep its room.
        const auto changes = std::move(done.changes);
        live_.apply(changes);
        entries_ += done.entries;
        if (done.revision) revision_ = *done.revision;
    }
    applied_more_.notify_all();
}

std::uint32_t LeafPass::sum() const {
    std::uint32_t crc = 0;
    std::size_t unit = 0;
    for (std::size_t bucket = 0; bucket < units_.buckets.size(); ++bucket) {
        crc = crc32c(crc, units_.buckets[bucket].name);
        for (; unit < done_.size() && units_.units[unit].bucket == bucket; ++unit) {
            crc = crc32c_combine(crc, done_[unit].crc, done_[unit].size);
        }
    }
    return crc;
}

}  // namespace salvor::upstream
