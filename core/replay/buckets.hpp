#pragma once

#include <functional>
#include <optional>
#include <string>

#include "formats/bbolt/contents.hpp"
#include "formats/bbolt/writer.hpp"

namespace salvor::replay {

/// The small buckets of a db (all but `key`) as the log goes on: what was changed lies over what is
/// stored, and is read first.
class Buckets {
 public:
    /// The database must outlive it.
    explicit Buckets(const bbolt::Database& db) : db_(&db) {}

    /// nullopt where there is no such row. Error: malformed.
    Result<std::optional<std::string>> get(Bytes bucket, Bytes key) const;
    void put(Bytes bucket, Bytes key, std::string value);
    void remove(Bytes bucket, Bytes key);
    /// The rows of a bucket, ascending.
    Result<void> for_each(Bytes bucket,
                          const std::function<Result<void>(Bytes key, Bytes value)>& each) const;

    const bbolt::Change& change() const { return change_; }

 private:
    const bbolt::Database* db_;
    bbolt::Change change_;
};

}  // namespace salvor::replay
