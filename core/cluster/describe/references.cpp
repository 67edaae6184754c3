#include "core/cluster/describe/references.hpp"

#include <algorithm>
#include <array>
#include <functional>

#include "core/cluster/table/cells.hpp"
#include "formats/kube/schema/schema.hpp"

namespace salvor::describe {
namespace {

using kube::Value;
using table::string_at;

/// A field that names an object: `path` has [] where a list is; with `resource` it is the name of
/// such a one, without it an object that says kind, name, and maybe apiVersion and namespace.
struct Field {
    std::string_view path, resource;
};

constexpr std::array of_pod_specs{
    Field{"serviceAccountName", "serviceaccounts"},
    Field{"nodeName", "nodes"},
    Field{"priorityClassName", "priorityclasses.scheduling.k8s.io"},
    Field{"runtimeClassName", "runtimeclasses.node.k8s.io"},
    Field{"imagePullSecrets[].name", "secrets"},
    Field{"volumes[].configMap.name", "configmaps"},
    Field{"volumes[].secret.secretName", "secrets"},
    Field{"volumes[].projected.sources[].configMap.name", "configmaps"},
    Field{"volumes[].projected.sources[].secret.name", "secrets"},
    Field{"volumes[].persistentVolumeClaim.claimName", "persistentvolumeclaims"},
    Field{"volumes[].ephemeral.volumeClaimTemplate.spec.storageClassName",
          "storageclasses.storage.k8s.io"},
    Field{"volumes[].csi.driver", "csidrivers.storage.k8s.io"},
    Field{"volumes[].csi.nodePublishSecretRef.name", "secrets"},
    Field{"volumes[].azureFile.secretName", "secrets"},
    Field{"volumes[].cephfs.secretRef.name", "secrets"},
    Field{"volumes[].cinder.secretRef.name", "secrets"},
    Field{"volumes[].flexVolume.secretRef.name", "secrets"},
    Field{"volumes[].iscsi.secretRef.name", "secrets"},
    Field{"volumes[].rbd.secretRef.name", "secrets"},
    Field{"resourceClaims[].resourceClaimName", "resourceclaims.resource.k8s.io"},
    Field{"resourceClaims[].resourceClaimTemplateName", "resourceclaimtemplates.resource.k8s.io"},
};
constexpr std::array container_lists{"containers", "initContainers", "ephemeralContainers"};
constexpr std::array of_containers{
    Field{"envFrom[].configMapRef.name", "configmaps"},
    Field{"envFrom[].secretRef.name", "secrets"},
    Field{"env[].valueFrom.configMapKeyRef.name", "configmaps"},
    Field{"env[].valueFrom.secretKeyRef.name", "secrets"},
};
/// Where kinds have a pod's spec.
constexpr std::array pod_specs{std::pair{"Pod", "spec"}, std::pair{"PodTemplate", "template.spec"},
                               std::pair{"CronJob", "spec.jobTemplate.spec.template.spec"},
                               std::pair{"", "spec.template.spec"}};

struct OfKind {
    std::string_view kind;
    Field field;
};
constexpr std::array of_kinds{
    OfKind{"StatefulSet", {"spec.serviceName", "services"}},
    OfKind{"StatefulSet",
           {"spec.volumeClaimTemplates[].spec.storageClassName", "storageclasses.storage.k8s.io"}},
    OfKind{"Ingress", {"spec.ingressClassName", "ingressclasses.networking.k8s.io"}},
    OfKind{"Ingress", {"spec.defaultBackend.service.name", "services"}},
    OfKind{"Ingress", {"spec.rules[].http.paths[].backend.service.name", "services"}},
    OfKind{"Ingress", {"spec.tls[].secretName", "secrets"}},
    OfKind{"PersistentVolumeClaim", {"spec.volumeName", "persistentvolumes"}},
    OfKind{"PersistentVolumeClaim", {"spec.storageClassName", "storageclasses.storage.k8s.io"}},
    OfKind{"PersistentVolume", {"spec.claimRef", ""}},
    OfKind{"PersistentVolume", {"spec.storageClassName", "storageclasses.storage.k8s.io"}},
    OfKind{"PersistentVolume", {"spec.csi.driver", "csidrivers.storage.k8s.io"}},
    OfKind{"StorageClass", {"provisioner", "csidrivers.storage.k8s.io"}},
    OfKind{"VolumeAttachment", {"spec.attacher", "csidrivers.storage.k8s.io"}},
    OfKind{"VolumeAttachment", {"spec.nodeName", "nodes"}},
    OfKind{"VolumeAttachment", {"spec.source.persistentVolumeName", "persistentvolumes"}},
    OfKind{"RoleBinding", {"roleRef", ""}},
    OfKind{"RoleBinding", {"subjects[]", ""}},
    OfKind{"ClusterRoleBinding", {"roleRef", ""}},
    OfKind{"ClusterRoleBinding", {"subjects[]", ""}},
    OfKind{"ServiceAccount", {"secrets[].name", "secrets"}},
    OfKind{"ServiceAccount", {"imagePullSecrets[].name", "secrets"}},
    OfKind{"HorizontalPodAutoscaler", {"spec.scaleTargetRef", ""}},
    OfKind{"Endpoints", {"subsets[].addresses[].targetRef", ""}},
    OfKind{"Endpoints", {"subsets[].notReadyAddresses[].targetRef", ""}},
    OfKind{"EndpointSlice", {"endpoints[].targetRef", ""}},
    OfKind{"Event", {"involvedObject", ""}},
    OfKind{"IngressClass", {"spec.parameters", ""}},
    OfKind{"MutatingWebhookConfiguration", {"webhooks[].clientConfig.service", "services"}},
    OfKind{"ValidatingWebhookConfiguration", {"webhooks[].clientConfig.service", "services"}},
    OfKind{"APIService", {"spec.service", "services"}},
    OfKind{"CustomResourceDefinition",
           {"spec.conversion.webhook.clientConfig.service", "services"}},
};

/// Calls `each` for all that a path with lists in it reaches.
void reach(const Value& value, std::string_view path,
           const std::function<void(const Value&)>& each) {
    if (path.empty()) return each(value);
    const auto dot = std::min(path.find('.'), path.size());
    auto name = path.substr(0, dot);
    const auto rest = path.substr(std::min(dot + 1, path.size()));
    const bool is_list = name.ends_with("[]");
    if (is_list) name.remove_suffix(2);
    const auto* found = value.find(name);
    if (!found) return;
    if (!is_list) return reach(*found, rest, each);
    for (const auto& item : found->items) reach(item, rest, each);
}

class Collecting {
 public:
    Collecting(const Value& object, const cluster::Catalog& catalog)
        : catalog_(catalog), home_(string_at(object, "metadata.namespace")) {}

    void field(const Value& value, const Field& field) {
        reach(value, field.path, [&](const Value& found) {
            if (field.resource.empty()) return object(found);
            const auto named = catalog_.find(field.resource);
            if (!named) return;
            const bool is_object = found.is_object();
            add(named->type, named->type->kind, is_object ? found.text("namespace") : "",
                is_object ? found.text("name") : found.string);
        });
    }
    std::vector<Reference> take() { return std::move(found_); }

 private:
    /// A user or a group is no object.
    void object(const Value& reference) {
        const auto kind = reference.text("kind");
        auto group = kube::split_api_version(reference.text("apiVersion")).group;
        for (const auto field : {"apiGroup", "group"}) {
            if (group.empty()) group = reference.text(field);
        }
        if (kind == "User" || kind == "Group") return;
        const auto* type = catalog_.of_kind(group, kind);
        add(type, kind, reference.text("namespace"), reference.text("name"));
    }
    void add(const cluster::ResourceType* type, std::string_view kind, std::string_view space,
             std::string_view name) {
        if (name.empty()) return;
        if (space.empty()) space = home_;
        if (type && !type->namespaced) space = {};
        Reference reference{type, std::string(kind), std::string(space), std::string(name)};
        if (std::find(found_.begin(), found_.end(), reference) == found_.end())
            found_.push_back(std::move(reference));
    }

    const cluster::Catalog& catalog_;
    std::string_view home_;
    std::vector<Reference> found_;
};

const Value* pod_spec_of(const Value& object) {
    for (const auto& [kind, path] : pod_specs) {
        if (object.text("kind") == kind || *kind == '\0') return table::at(object, path);
    }
    return nullptr;
}

}  // namespace

std::vector<Reference> references(const Value& object, const cluster::Catalog& catalog) {
    Collecting collecting(object, catalog);
    if (const auto* spec = pod_spec_of(object)) {
        for (const auto& field : of_pod_specs) collecting.field(*spec, field);
        for (const auto* list : container_lists) {
            for (const auto& container : table::items_at(*spec, list)) {
                for (const auto& field : of_containers) collecting.field(container, field);
            }
        }
    }
    for (const auto& [kind, field] : of_kinds) {
        if (object.text("kind") == kind) collecting.field(object, field);
    }
    return collecting.take();
}

}  // namespace salvor::describe
