#pragma once

#include <string>

#include "core/snapshot/snapshot.hpp"

namespace salvor::tool {

/// A source that has a database, and how far that database has come: what every answer in etcdctl's
/// shapes is of.
class Store {
 public:
    enum class Revision {
        needed,
        unneeded,  ///< where it cannot be read that is said on stderr, and revision() is 0
    };
    /// Errors: those of Snapshot::open; malformed (no database in it, no revision that is needed).
    static Result<Store> open(const std::string& source, Revision revision = Revision::needed);
    const bbolt::Database& db() const { return *snapshot_.database(); }
    std::int64_t revision() const { return revision_; }

 private:
    Store(Snapshot snapshot, std::int64_t revision)
        : snapshot_(std::move(snapshot)), revision_(revision) {}
    Snapshot snapshot_;
    std::int64_t revision_;
};

}  // namespace salvor::tool
