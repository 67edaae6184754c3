#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/cluster/object.hpp"
#include "core/cluster/registry_key.hpp"
#include "core/timeline/keyspace.hpp"
#include "core/timeline/state.hpp"

namespace salvor::cluster {

struct Options {
    std::int64_t revision = 0;            ///< 0: head
    std::optional<std::uint8_t> release;  ///< minor of Kubernetes 1.x to show as; else guessed
    const kube::at_rest::Config* encryption = nullptr;
    /// Keys that will be asked for: noted in the one pass over all rows. Empty: none.
    std::function<bool(Bytes)> foreseen;
};

/// The minor of a release as people write it: "1.28", "v1.28.15", "v1.28.4+k3s1"; nullopt for any
/// other text.
std::optional<std::uint8_t> minor_of(Bytes version);

/// How the release that objects are shown as was found.
struct ReleaseChoice {
    std::uint8_t release = kube::schema::newest_release;
    std::string evidence;  ///< "kubelet v1.28.15 of node cp-1", "asked for", "the newest known"
};

/// What the leases of coordination.k8s.io say of the time of a state.
struct Renewals {
    std::optional<std::int64_t> last;  ///< newest renewTime, seconds since 1970
    std::uint64_t leases = 0;          ///< that have one
};

/// A key of the registry and its row.
struct Item {
    ObjectKey key;
    etcd::KeyValue row;
};

/// The Kubernetes in a snapshot at one revision: which resources there are, and where their objects
/// lie. Objects are views into the database, which must outlive this.
class Cluster {
 public:
    /// Reads what says which resources there are, and when: nodes, CRDs, leases; of all other rows
    /// the key alone.
    /// Errors: refused (the revision is compacted or to come), not_found (no Kubernetes here),
    /// malformed.
    static Result<std::unique_ptr<Cluster>> open(const bbolt::Database& db, const Options& options);

    const bbolt::Database& db() const { return *db_; }
    const Registry& registry() const { return registry_; }
    const Catalog& catalog() const { return *catalog_; }
    const kube::Schema& schema() const { return *schema_; }
    const ReleaseChoice& release() const { return release_; }
    const Renewals& renewals() const { return renewals_; }
    /// The revision that is shown.
    std::int64_t revision() const { return revision_; }

    /// The rows of Options::foreseen, and some more.
    const timeline::State& noted() const { return *noted_; }

    /// The row's key taken apart; nullopt where it lies below none of the prefixes.
    std::optional<Item> item(const etcd::KeyValue& row) const;
    Result<Object> open_object(const Item& item) const {
        return Object::open(*schema_, item.key, item.row, options_.encryption);
    }

 private:
    Cluster(const bbolt::Database& db, const Options& options) : db_(&db), options_(options) {}
    void choose_release(const timeline::State& state);
    void read_crds(const timeline::State& state);
    void read_leases(const timeline::State& state);

    const bbolt::Database* db_;
    Options options_;
    std::int64_t revision_ = 0;
    Registry registry_;
    ReleaseChoice release_;
    Renewals renewals_;
    std::unique_ptr<Catalog> catalog_;
    std::unique_ptr<kube::Schema> schema_;
    std::deque<kube::Document> crds_;
    std::optional<timeline::State> noted_;
};

}  // namespace salvor::cluster
