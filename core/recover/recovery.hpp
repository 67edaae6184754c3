#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/recover/fill.hpp"
#include "core/recover/small_rows.hpp"
#include "formats/bbolt/writer.hpp"

// A sound database out of a damaged one. What the tree still holds together is walked; into its
// gaps go rows of pages that nothing names any more, where what they say proves that they belong
// there; the rest is named as lost.

namespace salvor::recover {

/// What could not be given back, as far as it is known.
struct Loss {
    etcd::Revision low, high;     ///< somewhere in [low, high)
    std::uint64_t page = 0;       ///< the page that is to blame; 0: not known
    std::size_t rows = 0;         ///< so many rows; 0: not known
    std::uint64_t revisions = 0;  ///< above the compaction: so many revisions have no row at all
    std::string key;              ///< of one row whose key can be read
};

/// Every byte is in one of these.
struct Account {
    std::uint64_t used = 0, free = 0, carved = 0, lost = 0;
    std::uint64_t sum() const { return used + free + carved + lost; }
};

struct Outcome {
    std::uint64_t file_size = 0;
    bbolt::Lay lay;
    Root::By root_by = Root::By::none;
    int meta = 0;
    std::uint64_t root_page = 0;
    bool tree_found = false;  ///< the bucket `key` was found by its form, no list of buckets has it
    /// The tree that was found is older than pages that are left, so none is walked.
    bool tree_stale = false;
    Compaction compaction;
    etcd::Revision head;
    std::uint64_t rows = 0;  ///< of the bucket `key` that are given back
    std::uint64_t damaged_pages = 0;
    std::uint64_t uncertain = 0;  ///< of all rows given back
    std::uint64_t left_out = 0;   ///< rows that are not certain, with Rows::certain
    std::map<Source, std::uint64_t> sources;
    std::uint64_t small_rows = 0;
    std::vector<Loss> losses;         ///< ascending
    std::vector<std::string> unread;  ///< of the small buckets, in words
    std::vector<FoundRow> uncertain_rows;
    /// The history up to here has holes, so it is marked as compacted; nullopt: it has none.
    std::optional<std::int64_t> compacted_at;
    Account account;

    bool is_whole() const {
        return losses.empty() && unread.empty() && uncertain == 0 && left_out == 0 &&
               root_by == Root::By::meta;
    }
};

class Recovery {
 public:
    /// Whether rows that are not certain are given back.
    enum class Rows { all, certain };
    /// `bytes` must outlive it. Error: malformed (nothing of a database is there).
    static Result<std::unique_ptr<Recovery>> run(Bytes bytes, Rows rows = Rows::all);

    const Outcome& outcome() const { return outcome_; }
    const Area& area() const { return area_; }
    const SmallRows& small() const { return small_; }
    /// Every row of the bucket `key` that is given back, ascending.
    void for_each_row(const std::function<void(const FoundRow&)>& each) const;
    /// The row that is given back of this revision.
    std::optional<FoundRow> row(etcd::Revision revision) const;

    /// A dense database, without a trailer. Errors: io, malformed.
    Result<void> write(FileWriter& out) const;
    Result<void> write_pages(const bbolt::DenseWriter::WriteAt& out) const;

 private:
    explicit Recovery(Area area) : area_(std::move(area)) {}
    void choose();
    void mark_all();
    bool is_stale() const;
    bool has_compacted_rows() const;
    void mark_metas();
    void mark(const std::vector<Mark>& marks);
    void find_implicit_gaps();
    void fill(Rows rows);
    void find_losses();
    Loss loss_of(const Gap& gap, std::span<const FoundRow> given) const;
    void find_holes();
    void find_doubtful();
    void count();
    void account();
    Result<void> write_bucket(bbolt::DenseWriter& writer, Bytes bucket) const;

    Area area_;
    Root root_;
    SmallRows small_;
    Tree tree_;
    std::vector<Gap> gaps_;
    std::vector<FoundRow> given_;  ///< into the gaps
    std::vector<etcd::Revision>
        doubtful_;  ///< of the tree: a later compaction may have removed them
    bool only_certain_ = false;
    Outcome outcome_;
    std::uint64_t lost_within_ = 0;  ///< bytes of pages that were read in part
};

}  // namespace salvor::recover
