#include "core/recover/lost_objects.hpp"

#include "core/cluster/object_key.hpp"
#include "core/cluster/registry_key.hpp"
#include "formats/etcd/key_value.hpp"

namespace salvor::recover {
namespace {

/// By the keys that are given back, and those that are lost.
cluster::Registry registry_of(const Recovery& recovery) {
    cluster::Registry registry;
    recovery.for_each_row([&](const FoundRow& row) {
        if (const auto key = etcd::parse_key(row.value(recovery.area().image())))
            registry.look_at(*key);
    });
    for (const auto& loss : recovery.outcome().losses) registry.look_at(loss.key);
    return registry;
}

class Sum {
 public:
    explicit Sum(cluster::Registry registry) : registry_(std::move(registry)) {}

    void take(const Loss& loss) {
        if (loss.key.empty()) {
            sum_.unnamed += loss.rows > 0 ? loss.rows : loss.revisions;
            return;
        }
        const auto below = registry_.below(loss.key);
        const auto resource = below ? cluster::resource_of(*below) : std::nullopt;
        if (!resource) {
            sum_.other_keys += loss.rows;
            return;
        }
        const auto key = cluster::parse_key(catalog_, *below);
        sum_.by_kind[key.type ? key.type->full_name() : *resource] += loss.rows;
        sum_.by_namespace[std::string(key.type ? key.namespace_name : custom(*below))] += loss.rows;
    }
    LostObjects result() const { return sum_; }

 private:
    /// Of a custom resource, whose definition is not read: GROUP/PLURAL/NAMESPACE/NAME.
    static Bytes custom(Bytes below) {
        const auto plural = below.find('/') + 1;
        const auto space = below.find('/', plural) + 1;
        const auto name = space == 0 ? Bytes::npos : below.find('/', space);
        return name == Bytes::npos ? Bytes() : below.substr(space, name - space);
    }

    cluster::Registry registry_;
    cluster::Catalog catalog_{kube::schema::newest_release};
    LostObjects sum_;
};

}  // namespace

std::optional<LostObjects> lost_objects(const Recovery& recovery) {
    const auto& losses = recovery.outcome().losses;
    if (losses.empty()) return {};
    auto registry = registry_of(recovery);
    if (!registry.found()) return {};
    Sum sum(std::move(registry));
    for (const auto& loss : losses) sum.take(loss);
    return sum.result();
}

}  // namespace salvor::recover
