#pragma once

#include <optional>
#include <string>

#include "core/cluster/cluster.hpp"
#include "core/timeline/differences.hpp"

namespace salvor::diff {

/// Whether two moments are of one history.
struct Lineage {
    enum class Kind { one, two, unknown } kind = Kind::unknown;
    std::optional<std::int64_t> parted_at;
    std::string words;  ///< a sentence without a full stop; empty of one lineage
};

/// `before`, `after`: nullptr where there is no Kubernetes; they have noted the row of kube-system.
Lineage lineage_of(const timeline::Kinship& kinship, const cluster::Cluster* before,
                   const cluster::Cluster* after);

/// The row that lineage_of() looks for.
bool is_kube_system(Bytes key);

}  // namespace salvor::diff
