#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "core/cluster/object.hpp"
#include "core/snapshot/snapshot.hpp"
#include "core/timeline/keyspace.hpp"

namespace salvor::cluster {

struct Options {
    std::int64_t revision = 0;             ///< 0: head
    std::optional<std::uint8_t> release;   ///< minor of Kubernetes 1.x to show as; else guessed
    const kube::at_rest::Config* encryption = nullptr;
};

/// How the release that objects are shown as was found.
struct ReleaseChoice {
    std::uint8_t release = kube::schema::newest_release;
    std::string evidence;  ///< "kubelet v1.28.15 of node cp-1", "asked for", "the newest that is known"
};

/// The Kubernetes in a snapshot at one revision: which resources there are, and their objects by key. Objects
/// are views into the snapshot, which must outlive this.
class Cluster {
  public:
    /// Errors: refused (the revision is compacted or to come), not_found (no Kubernetes here), malformed.
    static Result<std::unique_ptr<Cluster>> open(const bbolt::Database& db, const Options& options);

    const Registry& registry() const { return registry_; }
    const Catalog& catalog() const { return *catalog_; }
    const kube::Schema& schema() const { return *schema_; }
    const ReleaseChoice& release() const { return release_; }
    std::int64_t revision() const { return state_->revision(); }

    /// A key of the registry and its row.
    struct Item {
        ObjectKey key;
        etcd::KeyValue row;
    };
    /// Objects of one type in the order of their keys, as the server lists them; of one namespace where it is
    /// not empty, of one name likewise.
    std::vector<Item> list(const ResourceType& type, std::string_view namespace_name = {}, std::string_view name = {}) const;
    /// Every key below the registry's prefixes, in order.
    template <class Each>
    void each(Each&& visit) const;
    Result<Object> open_object(const Item& item) const { return Object::open(*schema_, item.key, item.row, options_.encryption); }

  private:
    Cluster() = default;
    /// The first position in the state whose key is not less.
    std::size_t lower_bound(Bytes key) const;
    Result<void> read_crds();
    void choose_release();

    Options options_;
    std::optional<timeline::State> state_;
    Registry registry_;
    ReleaseChoice release_;
    std::unique_ptr<Catalog> catalog_;
    std::unique_ptr<kube::Schema> schema_;
    std::deque<std::shared_ptr<kube::Document>> crds_;
};

template <class Each>
void Cluster::each(Each&& visit) const {
    for (const auto& prefix : registry_.prefixes()) {
        for (std::size_t i = lower_bound(prefix); i < state_->size(); ++i) {
            const auto row = (*state_)[i];
            if (!row.key.starts_with(prefix)) break;
            const auto below = registry_.below(row.key);
            if (below && below->size() + prefix.size() == row.key.size()) visit(Item{parse_key(*catalog_, *below), row});
        }
    }
}

}  // namespace salvor::cluster
