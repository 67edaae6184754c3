#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/timeline/rows.hpp"
#include "formats/etcd/key_value.hpp"

namespace salvor::timeline {

/// The first key behind all that start with `prefix`: as clientv3.GetPrefixRangeEnd.
std::string prefix_end(std::string prefix);

/// As a range request of etcd names keys.
struct Selection {
    std::string key;                       ///< first key
    std::optional<std::string> range_end;  ///< nullopt: the one key; "\0": all from `key` upward
    std::int64_t revision = 0;             ///< 0 or less: head

    bool holds(Bytes candidate) const {
        if (!range_end) return candidate == key;
        return candidate >= key && (candidate < *range_end || *range_end == Bytes("\0", 1));
    }
};

/// What `etcdctl get --sort-by` names.
enum class SortBy : std::uint8_t { key, create, modify, value, version };
enum class Order : std::uint8_t { ascend, descend };

/// The live keys of a selection at one revision, ascending by key: 16 bytes of memory a key,
/// everything else stays where it is stored. The database must outlive it.
class State {
 public:
    std::size_t size() const { return entries_.size(); }
    /// Decoded anew each time: views into the map.
    etcd::KeyValue operator[](std::size_t i) const;
    Bytes key(std::size_t i) const;
    /// Asks for the memory of a row that will be read soon; of its value, once the row is there.
    void ask_for(std::size_t i) const;
    void ask_for_value(std::size_t i) const;
    /// The first that is not below `key`, of a state in the order of its keys.
    std::size_t lower_bound(Bytes key) const;
    /// The revision that it shows.
    std::int64_t revision() const { return revision_; }

    /// Keys that are alike in `by` stay ascending by key; etcd leaves open how they stand.
    void sort(SortBy by, Order order);
    /// Drops the rows for which `keep` says no.
    template <class Keep>
    void filter(Keep&& keep) {
        filter_places([&](std::size_t i) { return keep((*this)[i]); });
    }
    /// The same where the key alone says it.
    template <class Keep>
    void filter_keys(Keep&& keep) {
        filter_places([&](std::size_t i) { return keep(key(i)); });
    }

    /// 16 bytes: where the row is, and eight bytes of its key, by which entries sort without a look
    /// at it.
    struct Entry {
        RowPosition row;
        std::uint64_t word;
    };

 private:
    template <class Keep>
    void filter_places(Keep&& keep) {
        std::size_t kept = 0;
        for (std::size_t i = 0; i < size(); ++i) {
            if (keep(i)) entries_[kept++] = entries_[i];
        }
        entries_.resize(kept);
    }
    friend Result<State> range(const bbolt::Database& db, std::int64_t revision,
                               const std::function<bool(Bytes)>& keep);
    State(const bbolt::Database& db, std::int64_t revision) : db_(&db), revision_(revision) {}
    const bbolt::Database* db_;
    std::int64_t revision_;
    std::vector<Entry> entries_;
};

/// The state that a server with this database would answer with. Errors: refused with etcd's own
/// words (the revision is compacted, or a future one), malformed, too_large.
Result<State> range(const bbolt::Database& db, const Selection& selection);
/// The same of the keys for which `keep` says yes; of all other rows the key alone is read. It is
/// asked by several threads at once.
Result<State> range(const bbolt::Database& db, std::int64_t revision,
                    const std::function<bool(Bytes)>& keep);

/// A live key and the lease that it is attached to.
struct Attachment {
    std::int64_t lease;
    Bytes key;
};
/// All of them at the head, ascending by lease id and key.
Result<std::vector<Attachment>> attachments(const bbolt::Database& db);

}  // namespace salvor::timeline
