#include "core/cluster/cluster.hpp"

#include <algorithm>
#include <charconv>

namespace salvor::cluster {
namespace {

constexpr std::string_view crd_prefix = "apiextensions.k8s.io/customresourcedefinitions/";
constexpr std::string_view node_prefix = "minions/";

/// The minor of "v1.28.15", "1.28", "v1.28.4+k3s1"; nullopt for any other text.
std::optional<std::uint8_t> minor_of(std::string_view version) {
    if (version.starts_with('v')) version.remove_prefix(1);
    if (!version.starts_with("1.")) return {};
    unsigned minor = 0;
    const auto [end, error] = std::from_chars(version.data() + 2, version.data() + version.size(), minor);
    if (error != std::errc{} || minor > 255) return {};
    return static_cast<std::uint8_t>(minor);
}

}  // namespace

std::size_t Cluster::lower_bound(Bytes key) const {
    std::size_t low = 0, high = state_->size();
    while (low < high) {
        const auto middle = (low + high) / 2;
        if ((*state_)[middle].key < key) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

Result<std::unique_ptr<Cluster>> Cluster::open(const bbolt::Database& db, const Options& options) {
    std::unique_ptr<Cluster> cluster(new Cluster);
    cluster->options_ = options;
    timeline::Selection all{std::string(1, '\0'), std::string(1, '\0'), options.revision};
    SALVOR_TRY(cluster->state_, timeline::range(db, all));
    for (std::size_t i = 0; i < cluster->state_->size(); ++i) {
        const auto row = (*cluster->state_)[i];
        cluster->registry_.look_at(row.key, row.value);
    }
    if (!cluster->registry_.found()) return fail(ErrorCode::not_found, "no Kubernetes in it: no key such as /registry/namespaces/default");
    cluster->choose_release();
    cluster->schema_ = std::make_unique<kube::Schema>(cluster->release_.release);
    cluster->catalog_ = std::make_unique<Catalog>(cluster->release_.release);
    SALVOR_CHECK(cluster->read_crds());
    return cluster;
}

/// The newest kubelet that a node tells of, since apiservers are never older than their kubelets.
void Cluster::choose_release() {
    if (options_.release) {
        release_ = {*options_.release, "asked for"};
        return;
    }
    release_.evidence = "the newest that is known";
    std::optional<std::uint8_t> newest;
    const kube::Schema schema(kube::schema::newest_release);
    for (const auto& prefix : registry_.prefixes()) {
        const auto nodes = prefix + std::string(node_prefix);
        for (std::size_t i = lower_bound(nodes); i < state_->size(); ++i) {
            const auto row = (*state_)[i];
            if (!row.key.starts_with(nodes)) break;
            const auto object = Object::open(schema, {}, row, options_.encryption);
            kube::Document document;
            const auto value = object ? object->value_tree(document, {}) : Result<kube::Value>(kube::Value{});
            const auto* kubelet = value ? value->at({"status", "nodeInfo", "kubeletVersion"}) : nullptr;
            const auto minor = kubelet ? minor_of(kubelet->string) : std::nullopt;
            if (!minor || (newest && *newest >= *minor)) continue;
            newest = minor;
            release_.evidence = fmt::format("kubelet {} of node {}", kubelet->string, row.key.substr(nodes.size()));
        }
    }
    if (newest) release_.release = std::min(*newest, kube::schema::development_release);
}

Result<void> Cluster::read_crds() {
    for (const auto& prefix : registry_.prefixes()) {
        const auto crds = prefix + std::string(crd_prefix);
        for (std::size_t i = lower_bound(crds); i < state_->size(); ++i) {
            const auto row = (*state_)[i];
            if (!row.key.starts_with(crds)) break;
            const auto object = Object::open(*schema_, {}, row, options_.encryption);
            if (!object) continue;  // it is a finding where objects are checked
            auto document = std::make_shared<kube::Document>();
            auto value = object->value_tree(*document, {});
            if (!value) continue;
            document->root = std::move(*value);
            crds_.push_back(document);
            catalog_->add_crd(document->root);
        }
    }
    return {};
}

std::vector<Cluster::Item> Cluster::list(const ResourceType& type, std::string_view namespace_name, std::string_view name) const {
    std::vector<Item> found;
    for (const auto& prefix : registry_.prefixes()) {
        auto start = prefix + type.key_prefix + "/";
        if (type.namespaced && !namespace_name.empty()) start += std::string(namespace_name) + "/";
        for (std::size_t i = lower_bound(start); i < state_->size(); ++i) {
            const auto row = (*state_)[i];
            if (!row.key.starts_with(start)) break;
            const auto key = parse_key(*catalog_, row.key.substr(prefix.size()));
            if (key.type == &type && (name.empty() || key.name == name)) found.push_back({key, row});
        }
    }
    return found;
}

}  // namespace salvor::cluster
