#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "core/upstream/leaf_units.hpp"
#include "core/upstream/live_keys.hpp"
#include "core/upstream/page_window.hpp"
#include "formats/etcd/version.hpp"

namespace salvor::upstream {

/// What a pass over the leaves is to find out, besides that each page is reached once and each key
/// in its place.
enum class Wanted {
    order,    ///< nothing more
    entries,  ///< 3.4, 3.5: the sum and how many there are
    live,     ///< 3.6, 3.7: the sum and which user keys are live
};

/// One pass over all leaves by two threads, each leaf read once while it is in the cache. Units are
/// taken in order and finished in any; what depends on the order is done unit by unit behind them.
class LeafPass {
 public:
    /// `fd`: of the file that `db` is in.
    LeafPass(etcd::Line line, const bbolt::Database& db, int fd, const Units& units, Wanted wanted,
             Access access);

    /// Errors: malformed; something that bbolt would not have written.
    Result<void> run();

    std::uint32_t sum() const;  ///< CRC32C over bucket names, keys and values
    std::int64_t revision() const { return revision_; }
    std::uint64_t total_key() const { return wanted_ == Wanted::live ? live_.count() : entries_; }

 private:
    struct Done {
        std::uint32_t crc = 0;
        std::uint64_t size = 0;
        std::uint64_t entries = 0;
        std::optional<std::int64_t> revision;
        std::vector<KeyChange> changes;  ///< until they are applied
        bool finished = false;
    };
    void work();
    /// Waits until the unit is near those that are still worked on; false: there is no more to do.
    bool await_turn(std::size_t index);
    Result<void> unit(const LeafUnit& unit, Done& done, PageWindow& window);
    std::uint64_t neighbours_end(const LeafUnit& unit, std::size_t i, std::uint64_t most) const;
    static void add(const bbolt::PageView& page, Done& done);
    Result<void> leaf(const LeafUnit& unit, std::size_t index, const bbolt::PageView& page,
                      Done& done);
    Result<void> row(const bbolt::PageView& page, std::size_t i, const bbolt::LeafEntry& entry,
                     Done& done);
    Result<void> reach(const bbolt::PageView& page);
    void finish(std::size_t index);

    etcd::Line line_;
    const bbolt::Database& db_;
    int fd_;
    const Units& units_;
    Wanted wanted_;
    Access access_;
    std::vector<Done> done_;
    std::uint64_t pages_;
    std::unique_ptr<std::atomic<std::uint64_t>[]> reached_;  ///< a bit a page
    std::atomic<std::size_t> next_{0};
    std::atomic<bool> stop_{false};

    std::mutex mutex_;  ///< of all below
    std::condition_variable applied_more_;
    std::size_t applied_ = 0;
    LiveKeys live_;
    std::int64_t revision_ = 0;
    std::uint64_t entries_ = 0;
    std::optional<Error> error_;
};

}  // namespace salvor::upstream
