#pragma once

#include <vector>

#include "core/timeline/key_table.hpp"
#include "core/verify/stages.hpp"
#include "formats/bbolt/check.hpp"
#include "formats/etcd/key_value.hpp"
#include "formats/etcd/revision.hpp"

// One pass over the `key` bucket, in which every row meets the rules on records, on the order of
// rows and on its key's history. Nothing is allocated for a row that is sound.

namespace salvor::verify {

/// A row of the `key` bucket while the pass stands on it.
struct KeyRow {
    const bbolt::Database& db;
    const bbolt::CheckedLeaf& leaf;
    std::size_t index;
    bbolt::LeafEntry entry;
    etcd::RowKey row_key;
    etcd::KeyValue kv;

    std::int64_t main() const { return row_key.revision.main; }
    Place place() const { return place_of(db, leaf, index); }
};

/// nullopt where the row's key is none; that was told.
std::optional<etcd::RowKey> read_row_key(const bbolt::Database& db, const bbolt::CheckedLeaf& leaf,
                                         std::size_t index, Collector& findings);
/// nullopt where the row's value cannot be used, which was told, or is the marker of a revision
/// bump.
std::optional<KeyRow> read_key_row(const bbolt::Database& db, const bbolt::CheckedLeaf& leaf,
                                   std::size_t index, const etcd::RowKey& key,
                                   const Compaction& compaction, Collector& findings);

/// Revisions that have no rows above the compacted one, and changes that are missing within a
/// revision.
class RowOrder {
 public:
    RowOrder(const bbolt::Database& db, const Compaction& compaction, Collector& findings)
        : db_(db), compaction_(compaction), findings_(findings) {}
    void row(const bbolt::CheckedLeaf& leaf, std::size_t index, const etcd::RowKey& key);
    void finish() { confirm_jump(); }
    std::int64_t last_main() const { return last_.main; }

 private:
    /// A step over revisions. The row after it tells whether they are missing, or the row it led to
    /// is out of place.
    struct Jump {
        std::int64_t first_missing;
        etcd::Revision before, to;
        Place place;
    };
    void within_revision(const bbolt::CheckedLeaf& leaf, std::size_t index,
                         const etcd::RowKey& key);
    void step(const bbolt::CheckedLeaf& leaf, std::size_t index, etcd::Revision to);
    void confirm_jump();
    void remember(const bbolt::CheckedLeaf& leaf, etcd::Revision revision);

    const bbolt::Database& db_;
    Compaction compaction_;
    Collector& findings_;
    etcd::Revision last_{};  ///< of the last row that was in order; 0/0 before the first
    std::uint64_t last_page_ = 0;
    std::vector<std::uint64_t> last_path_;
    std::optional<Jump> jump_;
};

/// What create_revision, mod_revision and version say against the key's row before.
class History {
 public:
    History(const bbolt::Database& db, const Rows& rows, Collector& findings);
    void row(const KeyRow& row);
    /// Tells keys whose newest row is attached to a lease that is not there; hands over where the
    /// rows of live keys stand, ascending, if they are wanted and could be followed.
    enum class LiveRows { unwanted, wanted };
    std::vector<timeline::RowPosition> finish(LiveRows wanted);
    bool followed() const { return newest_.has_value(); }

 private:
    struct Before;
    Before before(const timeline::KeyTable::Note& note) const;
    void deletion(const KeyRow& row, const Before* before);
    void change(const KeyRow& row, const Before* before);
    void superseded(const KeyRow& row, const Before* before);
    bool agrees_with_itself(const KeyRow& row);
    bool lease_known(std::int64_t id) const;
    void check_attachment(const Before& newest);

    const bbolt::Database& db_;
    const Rows& rows_;
    Collector& findings_;
    Compaction compaction_;
    std::optional<timeline::KeyTable> newest_;
    bool lease_missed_ = false;  ///< some row, of now or of old, names a lease that is not there
};

}  // namespace salvor::verify
