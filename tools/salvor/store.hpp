#pragma once

#include <string>

#include "core/snapshot/snapshot.hpp"

namespace salvor::tool {

/// A source that has a database, and how far that database has come: what every answer in etcdctl's
/// shapes is of.
class Store {
 public:
    /// Errors: those of Snapshot::open; malformed (no database in it).
    static Result<Store> open(const std::string& source);
    const bbolt::Database& db() const { return *snapshot_.database(); }
    std::int64_t revision() const { return revision_; }

 private:
    Store(Snapshot snapshot, std::int64_t revision)
        : snapshot_(std::move(snapshot)), revision_(revision) {}
    Snapshot snapshot_;
    std::int64_t revision_;
};

}  // namespace salvor::tool
