#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/snapshot/snapshot.hpp"
#include "core/verify/verify.hpp"

// Several sources side by side: which are of one cluster's history, and which of them is the newest
// good one.

namespace salvor::verify {

/// A source among several: what was found, or why it could not be looked at.
struct Verified {
    std::string source;
    std::optional<Report> report;
    std::optional<Error> error;
    std::size_t lineage =
        0;  ///< sound sources with one number are of one cluster's history; 0: flawed
};

/// Whether two databases hold one history: the older one's last row is in the newer one, unless
/// compacted, and the newer one's rows of that time are in the older one. nullopt: no row can be
/// compared.
std::optional<bool> share_history(const bbolt::Database& a, const bbolt::Database& b);

/// Numbers the lineages of sound sources from 1, in order of first appearance: one cluster id, or
/// where one is not known one history. The first source of each stays open to be compared with.
class Lineages {
 public:
    /// `snapshot` is what `source` tells of.
    void place(Verified& source, std::shared_ptr<const Snapshot> snapshot);

 private:
    struct Founder {
        std::shared_ptr<const Snapshot> snapshot;
        std::optional<etcd::ClusterId> cluster_id;
    };
    std::vector<Founder> founders_;
};

/// The sound source with the highest revision; nullptr where none is sound, or there are several
/// lineages.
const Verified* newest_good(const std::vector<Verified>& sources);
std::size_t lineage_count(const std::vector<Verified>& sources);

}  // namespace salvor::verify
