#pragma once

#include <string>
#include <utility>
#include <vector>

#include "formats/etcd/auth.hpp"
#include "formats/etcd/request.hpp"

namespace salvor::replay {

/// Which keys a user may read and write, by all of its roles together.
/// Source: etcd server/auth/range_perm_cache.go
class Permissions {
 public:
    enum class To { read, write };
    void add(const etcd::Permission& permission);
    /// A single key lies within one of the ranges, a range within all of them together.
    bool allow(To to, const etcd::KeyRange& range) const;

 private:
    struct Interval {
        std::string begin;
        std::string end;  ///< empty: none, which is above every key
    };
    /// By where they begin.
    static void insert(std::vector<Interval>& intervals, const Interval& interval);
    std::vector<Interval> readable_;
    std::vector<Interval> writable_;
};

}  // namespace salvor::replay
