#pragma once

#include <string>
#include <vector>

#include "core/cluster/select.hpp"

namespace salvor::cluster {

/// Whether a key is one of those that a query names, told by the key alone. Cluster and query must
/// outlive it; the query's types may be another cluster's.
class KeyFilter {
 public:
    KeyFilter(const Cluster& cluster, const Query& query);
    bool holds(Bytes key) const;

 private:
    struct Start {
        std::string text;
        const Target* target;
    };
    static bool is_named(Bytes key, const Target& target);
    bool is_any(Bytes key) const;

    const Cluster& cluster_;
    const Query& query_;
    std::vector<Start> starts_;
};

}  // namespace salvor::cluster
