#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "formats/base/output.hpp"
#include "formats/bbolt/database.hpp"

// bbolt files are written in two ways: Edit makes a small copy-on-write change to a copy,
// DenseWriter a whole new file from keys in order. Neither stores a freelist, as etcd on Linux does
// not.

namespace salvor::bbolt {

/// What is to change in one top-level bucket. A bucket that does not exist is made.
struct BucketChange {
    bool delete_all = false;  ///< first every key, the bucket itself stays
    /// nullopt deletes the key; a key not there is no error.
    std::map<std::string, std::optional<std::string>, std::less<>> keys;
    /// Of the rows that are there and that `keys` does not name, those that go; empty: none. For
    /// whole new files alone (contents.hpp).
    std::function<bool(Bytes key, Bytes value)> leaves_out = {};
};
using Change = std::map<std::string, BucketChange, std::less<>>;

/// One page run to be written.
struct PageWrite {
    PageId id;
    std::string bytes;  ///< whole pages
};

/// The pages that carry out `change` on `db`: new pages, all above the high-water mark (so that the
/// free pages keep what they hold, and no walk is needed to know them); then the metas. Written in
/// this order with a sync between data pages and metas the file is sound at any moment.
struct Edit {
    std::vector<PageWrite> pages;  ///< ascending, without a gap
    std::vector<PageWrite>
        metas;  ///< both, of the present transaction and the next; both name the new tree
    std::uint64_t file_size;  ///< high_water * page_size afterwards
};
/// Errors: malformed (a page on the way is unsound, an empty key, a bucket where a key should go or
/// the other way), too_large (key or value above bbolt's limits). No `leaves_out` may be set.
Result<Edit> plan_edit(const Database& db, const Change& change);

/// A dense new database, written front to back: buckets in ascending order, the keys of each in
/// ascending order, pages filled, nothing free, no freelist. Memory: a page for each level of a
/// tree, and 1 MiB.
class DenseWriter {
 public:
    using WriteAt = std::function<Result<void>(std::uint64_t offset, Bytes bytes)>;
    DenseWriter(WriteAt out, std::size_t page_size);
    DenseWriter(FileWriter& out, std::size_t page_size);
    DenseWriter(const DenseWriter&) = delete;
    DenseWriter& operator=(const DenseWriter&) = delete;
    ~DenseWriter();

    /// Closes the bucket before and opens a top-level one.
    Result<void> begin_bucket(Bytes name, std::uint64_t sequence = 0);
    /// Opens a bucket inside the present one, which goes on behind it after end_child().
    Result<void> begin_child(Bytes name, std::uint64_t sequence = 0);
    Result<void> end_child();
    /// Into the present bucket. Errors: malformed (empty, or not above the key before), too_large.
    Result<void> put(Bytes key, Bytes value);
    /// Writes the rest, the root and both metas. The file is then high_water * page_size long.
    Result<void> finish(TxId txid);

 private:
    class Pages;
    class Tree;
    struct OpenBucket;
    Result<void> open(Bytes name, std::uint64_t sequence);

    std::unique_ptr<Pages> pages_;
    std::vector<OpenBucket> open_;  ///< the root first, the present bucket last
};

}  // namespace salvor::bbolt
