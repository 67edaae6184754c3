#include "core/audit/at_rest.hpp"

#include <algorithm>
#include <map>

#include "core/timeline/key_table.hpp"
#include "formats/kube/stored.hpp"
#include "formats/text/escape.hpp"

namespace salvor::audit {
namespace {

/// Resources of one cluster, and seals of one resource: beyond any real number.
constexpr std::size_t max_resources = 10'000;
constexpr std::size_t max_seals = 1000;

/// A resource by its key, as a configuration names it.
struct Place {
    Bytes plural, group;
    bool namespaced;
};

/// nullopt: no object of the API (masterleases, ranges).
std::optional<Place> place_of(const cluster::Catalog& catalog, Bytes below) {
    if (const auto* type = catalog.at_key(below)) {
        if (type->plural.empty()) return {};
        return Place{type->plural, type->group, type->namespaced};
    }
    const auto slash = below.find('/');
    if (slash == Bytes::npos || slash == 0) return {};
    const auto first = below.substr(0, slash);
    if (first.find('.') == Bytes::npos) return Place{first, {}, true};
    const auto rest = below.substr(slash + 1);
    return Place{rest.substr(0, rest.find('/')), first, true};
}

Seal seal_of(const kube::at_rest::Mark& mark) {
    return {std::string(mark.scheme), std::string(mark.version), std::string(mark.name)};
}

Seal writer_of(const kube::at_rest::Provider& provider) {
    if (provider.scheme().empty()) return {};
    return {std::string(provider.scheme()), std::string(provider.version()),
            provider.keys().front().name};
}

class Count {
 public:
    Count(const cluster::Cluster& cluster, const kube::at_rest::Config* config)
        : cluster_(cluster), config_(config) {}

    void live(const etcd::KeyValue& kv) {
        const auto place = find(kv.key);
        auto* resource = place ? resource_at(*place) : nullptr;
        if (!resource) return;
        ++resource->objects;
        if (kube::encoding_of(kv.value) == kube::Encoding::encrypted) {
            sealed(*resource, *place, kv);
        } else {
            ++resource->plain;
        }
    }

    void older(const etcd::KeyValue& kv) {
        if (kube::encoding_of(kv.value) == kube::Encoding::encrypted) return;
        const auto place = find(kv.key);
        if (auto* resource = place ? resource_at(*place) : nullptr) ++resource->older_plain;
    }

    std::vector<ResourceAtRest> take() {
        std::vector<ResourceAtRest> all;
        for (auto& [name, resource] : resources_) {
            std::sort(resource.sealed.begin(), resource.sealed.end(),
                      [](const Sealed& a, const Sealed& b) { return a.seal < b.seal; });
            all.push_back(std::move(resource));
        }
        return all;
    }

 private:
    std::optional<Place> find(Bytes key) const {
        const auto below = cluster_.registry().below(key);
        return below ? place_of(cluster_.catalog(), *below) : std::nullopt;
    }

    ResourceAtRest* resource_at(const Place& place) {
        auto name = place.group.empty() ? std::string(place.plural)
                                        : fmt::format("{}.{}", place.plural, place.group);
        const auto found = resources_.find(name);
        if (found != resources_.end()) return &found->second;
        if (resources_.size() == max_resources) return nullptr;
        auto& resource = resources_[name];
        resource.resource = std::move(name);
        resource.namespaced = place.namespaced;
        if (!config_) return &resource;
        const auto providers = config_->providers(place.plural, place.group);
        resource.writer = writer_of(*providers.front());
        resource.reads_plain = std::any_of(providers.begin(), providers.end(),
                                           [](const auto* each) { return each->scheme().empty(); });
        return &resource;
    }

    void sealed(ResourceAtRest& resource, const Place& place, const etcd::KeyValue& kv) {
        const auto mark = kube::at_rest::parse_mark(kv.value);
        const auto seal = mark ? seal_of(*mark) : Seal{"?", "?", "?"};
        auto found = std::find_if(resource.sealed.begin(), resource.sealed.end(),
                                  [&](const Sealed& each) { return each.seal == seal; });
        if (found == resource.sealed.end()) {
            if (resource.sealed.size() == max_seals) return;
            found = resource.sealed.emplace(found);
            found->seal = seal;
            found->is_current = !resource.writer || *resource.writer == seal;
        }
        ++found->values;
        if (config_) open(*found, place, kv);
    }

    void open(Sealed& sealed, const Place& place, const etcd::KeyValue& kv) const {
        const auto opened = config_->open(place.plural, place.group, kv.key, kv.value);
        if (opened && kube::encoding_of(opened->plain) == kube::Encoding::other) {
            // aescbc has no tag, so a wrong secret may seem to open a value.
            if (sealed.failed++ == 0) sealed.failure = "the key opens it, but to no object";
        } else if (opened) {
            ++sealed.opened;
        } else if (opened.error().code == ErrorCode::not_found) {
            ++sealed.key_absent;
        } else if (opened.error().code != ErrorCode::unsupported) {
            if (sealed.failed++ == 0) sealed.failure = opened.error().message;
        }
    }

    const cluster::Cluster& cluster_;
    const kube::at_rest::Config* config_;
    std::map<std::string, ResourceAtRest> resources_;
};

}  // namespace

std::uint64_t ResourceAtRest::stale() const {
    std::uint64_t count = writer && !writer->is_plain() && reads_plain ? plain : 0;
    for (const auto& each : sealed) {
        if (!each.is_current)
            count += each.seal.is_kms() ? each.values - each.key_absent : each.opened;
    }
    return count;
}

std::uint64_t ResourceAtRest::closed() const {
    std::uint64_t count = reads_plain ? 0 : plain;
    for (const auto& each : sealed) count += each.key_absent + each.failed;
    return count;
}

Result<AtRest> at_rest(const cluster::Cluster& cluster, const kube::at_rest::Config* config) {
    const auto& db = cluster.db();
    AtRest found;
    found.prefix = cluster.registry().prefixes().front();
    found.revision = cluster.revision();
    found.has_configuration = config != nullptr;
    SALVOR_TRY(auto newest, timeline::KeyTable::over(db));
    SALVOR_CHECK(timeline::walk_key_values(
        db,
        [&](const timeline::Row& row, timeline::RowPosition position, const etcd::KeyValue& kv) {
            if (cluster.registry().below(kv.key))
                newest.find(kv.key).put({position, !row.row_key.tombstone});
            return true;
        }));
    Count count(cluster, config);
    SALVOR_CHECK(timeline::walk_key_values(
        db,
        [&](const timeline::Row& row, timeline::RowPosition position, const etcd::KeyValue& kv) {
            const auto note = newest.look_up(kv.key);
            if (!note || row.row_key.tombstone) return true;
            if (note->row == position) {
                count.live(kv);
            } else {
                count.older(kv);
            }
            return true;
        }));
    found.resources = count.take();
    return found;
}

}  // namespace salvor::audit
