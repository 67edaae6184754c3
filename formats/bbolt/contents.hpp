#pragma once

#include <functional>

#include "formats/base/output.hpp"
#include "formats/bbolt/database.hpp"
#include "formats/bbolt/writer.hpp"

// All that is in a database, bucket by bucket in order, as it is or with a change laid over it.

namespace salvor::bbolt {

/// Calls `each` for every key of a top-level bucket until it fails; of a bucket that is not there
/// for none.
Result<void> for_each_entry(const Database& db, Bytes bucket,
                            const std::function<Result<void>(Bytes key, Bytes value)>& each);

/// The same of the bucket as it is with `change` carried out.
Result<void> for_each_entry(const Database& db, Bytes bucket, const BucketChange& change,
                            const std::function<Result<void>(Bytes key, Bytes value)>& each);

/// Takes what a merged walk finds. An Error ends the walk.
struct Visitor {
    std::function<Result<void>(Bytes name)> bucket;
    std::function<Result<void>(Bytes key, Bytes value)> entry;
};
/// Buckets and keys of `db` with `change` carried out, both ascending. Errors: malformed, the
/// visitor's.
Result<void> walk_changed(const Database& db, const Change& change, const Visitor& visitor);

/// The same contents, written dense into `out`.
Result<void> write_dense(const Database& db, const Change& change, FileWriter& out);

/// Whether `standing` holds just that. An unsound page of it is a no.
Result<bool> holds_changed(const Database& standing, const Database& db, const Change& change);

}  // namespace salvor::bbolt
