#include "core/verify/object/part.hpp"
#include "core/verify/rules.hpp"
#include "formats/text/escape.hpp"
#include "formats/text/human.hpp"

namespace salvor::verify {
namespace {

constexpr Rule crd_absent{"crd-absent",
                          Layer::object,
                          Severity::warning,
                          "each custom resource has its definition",
                          "no apiserver serves these objects, they only take room: apply the "
                          "CustomResourceDefinition after "
                          "the restore, or delete the keys",
                          Subject::cluster};
constexpr std::array table{crd_absent};

/// No cluster has so many kinds; a hostile file may name one in every key.
constexpr std::size_t max_undefined = 1000;

}  // namespace

RuleRows custom_resource_rules() {
    return table;
}

/// A key below a group that some other program chose is no custom resource: the object has to say
/// that it is of the group.
void check_defined(const StoredObject& object, const kube::Identity& identity,
                   const Definitions& definitions, Part& part) {
    if (object.key.type || !is_custom_group(object.group)) return;
    if (kube::split_api_version(identity.api_version).group != object.group) return;
    if (definitions.has_crd(object.group, object.resource) ||
        definitions.is_aggregated(object.group))
        return;
    auto name = fmt::format("{}.{}", object.resource, object.group);
    if (part.undefined.size() == max_undefined && !part.undefined.contains(name)) return;
    const auto [found, is_new] =
        part.undefined.try_emplace(std::move(name), Undefined{1, object.position});
    if (!is_new) ++found->second.objects;
}

void report_undefined(const UndefinedResources& undefined, const Definitions& definitions,
                      Collector& findings) {
    for (const auto& [name, found] : undefined) {
        findings.add(
            crd_absent, definitions.at(found.first).place(),
            fmt::format("{} of {}, and no CustomResourceDefinition of that name",
                        text::counted(found.objects, "object", "objects"), text::escape(name)));
    }
}

}  // namespace salvor::verify
