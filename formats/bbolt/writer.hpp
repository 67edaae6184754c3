#pragma once

#include <functional>
#include <map>
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
};
using Change = std::map<std::string, BucketChange, std::less<>>;

/// One page run to be written.
struct PageWrite {
    PageId id;
    std::string bytes;  ///< whole pages
};

/// The pages that carry out `change` on `db`: new pages at ids free in the present tree or above
/// the high-water mark, never one that the present tree uses; then the metas. Written in this order
/// with a sync between data pages and metas the file is sound at any moment.
struct Edit {
    std::vector<PageWrite> pages;
    std::vector<PageWrite> metas;  ///< both, of the new transaction and the one before it
    std::uint64_t file_size;       ///< high_water * page_size afterwards
};
/// Errors: malformed (a page on the way is unsound), too_large (key or value above bbolt's limits).
Result<Edit> plan_edit(const Database& db, const Change& change);

/// A dense new database, written front to back to any sink of bytes at offsets: keys of each bucket
/// in ascending order, buckets in ascending order, pages filled, nothing free, no freelist.
class DenseWriter {
 public:
    DenseWriter(FileWriter& out, std::size_t page_size);
    Result<void> begin_bucket(Bytes name, std::uint64_t sequence = 0);
    /// Errors: malformed (not above the key before), too_large.
    Result<void> put(Bytes key, Bytes value);
    /// Writes the rest, the root and both metas. The file is then high_water * page_size long.
    Result<void> finish(TxId txid);

 private:
    struct Level;
    FileWriter* out_;
    std::size_t page_size_;
};

}  // namespace salvor::bbolt
