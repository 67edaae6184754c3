#pragma once

#include <set>
#include <span>
#include <string>

#include "core/cluster/catalog.hpp"
#include "core/cluster/registry_key.hpp"
#include "core/verify/object/stored_object.hpp"
#include "formats/kube/at_rest/config.hpp"

namespace salvor::verify {

/// Which resources there are, as far as objects are told by it: those of the tables, and those that
/// CRDs define. Of a CRD nothing but the names and the scope is kept.
class Definitions {
 public:
    /// `rows`: of all keys below the registry.
    Definitions(const bbolt::Database& db, const cluster::Registry& registry,
                std::span<const timeline::RowPosition> rows, const kube::at_rest::Config* config);

    const cluster::Catalog& catalog() const { return catalog_; }

    /// What stands at a position.
    StoredObject at(timeline::RowPosition position) const;

    /// Whether there is a CRD of that name, be it one that cannot be read.
    bool has_crd(Bytes group, Bytes plural) const;
    /// Whether the group is served by an apiserver of its own, which needs no CRDs.
    bool is_aggregated(Bytes group) const { return aggregated_.contains(group); }

 private:
    void read_crd(Bytes value);
    void read_api_service(Bytes value);

    const bbolt::Database* db_;
    const cluster::Registry* registry_;
    cluster::Catalog catalog_{kube::schema::newest_release};
    std::deque<kube::Document> documents_;
    std::set<std::string, std::less<>> crds_;        ///< "plural.group"
    std::set<std::string, std::less<>> aggregated_;  ///< groups
};

/// Whether a key's first segment is the group of a custom resource: a built-in place never has a
/// dot, but for the two that are named in the tables.
bool is_custom_group(Bytes segment);

}  // namespace salvor::verify
