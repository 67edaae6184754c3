#include <algorithm>
#include <array>

#include "core/verify/reference/referrer.hpp"
#include "core/verify/rules.hpp"
#include "formats/kube/fields.hpp"
#include "formats/text/escape.hpp"

namespace salvor::verify {
namespace {

// Source: api storagemigration/{v1alpha1,v1beta1}/types.go

constexpr Rule migration_resource{
    "migration-resource",
    Layer::reference,
    Severity::note,
    "the resource that a StorageVersionMigration rewrites is one that the cluster has",
    "it cannot end: delete it",
    Subject::cluster};
constexpr std::array table{migration_resource};

}  // namespace

RuleRows migration_rules() {
    return table;
}

/// Up to v1alpha1 a GroupVersionResource, later a GroupResource.
void check_migration(const Referrer& referrer) {
    const bool is_alpha = referrer.checked.identity.api_version.ends_with("/v1alpha1");
    const auto resource = kube::bytes_at(referrer.message(), {2 /* spec */, 1});
    const auto group = kube::bytes_at(resource, {1});
    const auto name = kube::bytes_at(resource, {is_alpha ? 3u : 2u});
    const auto& types = referrer.scope.catalog().types();
    if (std::any_of(types.begin(), types.end(), [&](const cluster::ResourceType& type) {
            return type.plural == name && type.group == group;
        }))
        return;
    referrer.say(migration_resource, [&] {
        return fmt::format("there is no resource {}{}{}", text::escape(name),
                           group.empty() ? "" : ".", text::escape(group));
    });
}

}  // namespace salvor::verify
