#include "core/cluster/cluster.hpp"

#include <algorithm>
#include <charconv>
#include <mutex>

#include "formats/kube/peek.hpp"
#include "formats/text/escape.hpp"

namespace salvor::cluster {
namespace {

constexpr Bytes crd_place = "apiextensions.k8s.io/customresourcedefinitions/";
constexpr Bytes crd_segment = "customresourcedefinitions/";
constexpr Bytes node_place = "minions/";
constexpr Bytes lease_place = "leases/";

/// What a cluster says of itself: keys of these are read before any other, wherever they lie.
bool is_of_interest(Bytes key) {
    for (std::size_t at = 0; at + 1 < key.size(); ++at) {
        if (key[at] != '/') continue;
        const auto rest = key.substr(at + 1);
        switch (rest.front()) {
            case 'c':
                if (rest.starts_with(crd_segment)) return true;
                break;
            case 'm':
                if (rest.starts_with(node_place)) return true;
                break;
            case 'l':
                if (rest.starts_with(lease_place)) return true;
                break;
            default: break;
        }
    }
    return false;
}

/// Calls `each(row, name)` for the rows of a place below any prefix.
template <class Each>
void each_at(const timeline::State& state, const Registry& registry, Bytes place, Each&& each) {
    for (const auto& prefix : registry.prefixes()) {
        const auto start = fmt::format("{}/{}", prefix, place);
        for (auto i = state.lower_bound(start); i < state.size(); ++i) {
            const auto row = state[i];
            if (!row.key.starts_with(start)) break;
            each(row, row.key.substr(start.size()));
        }
    }
}

}  // namespace

std::optional<std::uint8_t> minor_of(Bytes version) {
    if (version.starts_with('v')) version.remove_prefix(1);
    if (!version.starts_with("1.")) return {};
    unsigned minor = 0;
    const auto* last = version.data() + version.size();
    const auto [end, error] = std::from_chars(version.data() + 2, last, minor);
    if (error != std::errc{} || minor > 255) return {};
    if (end != last && *end != '.' && *end != '+' && *end != '-') return {};
    return static_cast<std::uint8_t>(minor);
}

Result<std::unique_ptr<Cluster>> Cluster::open(const bbolt::Database& db, const Options& options) {
    std::unique_ptr<Cluster> cluster(new Cluster(db, options));
    std::mutex registry;
    SALVOR_TRY(cluster->noted_, timeline::range(db, options.revision, [&](Bytes key) {
                   if (prefix_by_landmark(key)) {
                       const std::lock_guard lock(registry);
                       cluster->registry_.look_at(key);
                   }
                   return is_of_interest(key) || (options.foreseen && options.foreseen(key));
               }));
    const auto& state = cluster->noted();
    cluster->revision_ = state.revision();
    if (!cluster->registry_.found()) {
        return fail(ErrorCode::not_found,
                    "no Kubernetes in it: no key ends in /namespaces/kube-system");
    }
    cluster->choose_release(state);
    cluster->schema_ = std::make_unique<kube::Schema>(cluster->release_.release);
    cluster->catalog_ = std::make_unique<Catalog>(cluster->release_.release);
    cluster->read_crds(state);
    cluster->read_leases(state);
    return cluster;
}

/// The newest kubelet that a node tells of, since apiservers are never older than their kubelets.
void Cluster::choose_release(const timeline::State& state) {
    if (options_.release) {
        release_ = {*options_.release, "asked for"};
        return;
    }
    release_.evidence = "the newest known";
    std::optional<std::uint8_t> newest;
    const kube::Schema schema(kube::schema::newest_release);
    each_at(state, registry_, node_place, [&](const etcd::KeyValue& row, Bytes name) {
        const auto object = Object::open(schema, {}, row, options_.encryption);
        kube::Document document;
        const auto value =
            object ? object->value_tree(document, {}) : Result<kube::Value>(kube::Value{});
        const auto* kubelet = value ? value->at({"status", "nodeInfo", "kubeletVersion"}) : nullptr;
        const auto minor = kubelet ? minor_of(kubelet->string) : std::nullopt;
        if (!minor || (newest && *newest >= *minor)) return;
        newest = minor;
        release_.evidence = fmt::format("kubelet {} of node {}", text::Escaped{kubelet->string},
                                        text::Escaped{name});
    });
    if (newest) release_.release = std::min(*newest, kube::schema::development_release);
}

/// A CRD that cannot be read leaves its resource unknown: whoever lists CRDs is told of it.
void Cluster::read_crds(const timeline::State& state) {
    each_at(state, registry_, crd_place, [&](const etcd::KeyValue& row, Bytes) {
        const auto crd = item(row);
        const auto object =
            crd ? open_object(*crd) : Result<Object>(fail(ErrorCode::not_found, ""));
        if (!object) return;
        auto& document = crds_.emplace_back();
        auto value = object->value_tree(document, {});
        if (!value) return crds_.pop_back();
        document.root = std::move(*value);
        catalog_->add_crd(document.root);
    });
}

void Cluster::read_leases(const timeline::State& state) {
    each_at(state, registry_, lease_place, [&](const etcd::KeyValue& row, Bytes) {
        const auto renewed = kube::lease_renew_time(row.value);
        if (!renewed) return;
        ++renewals_.leases;
        renewals_.last = std::max(renewals_.last.value_or(*renewed), *renewed);
    });
}

std::optional<Item> Cluster::item(const etcd::KeyValue& row) const {
    const auto below = registry_.below(row.key);
    if (!below) return {};
    return Item{parse_key(*catalog_, *below), row};
}

}  // namespace salvor::cluster
