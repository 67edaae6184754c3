#include "core/cluster/export/cleaning.hpp"

#include <algorithm>
#include <array>

// Source: apiserver pkg/registry/rest (what it sets in metadata), kubernetes
// pkg/registry/*/strategy.go,
// plugin/pkg/admission/{serviceaccount,priority,defaulttolerationseconds}, pkg/controller/*

namespace salvor::cluster {
namespace {

using kube::Value;

Value* at(Value& value, std::initializer_list<std::string_view> path) {
    Value* found = &value;
    for (const auto name : path) {
        found = found->find(name);
        if (!found) return nullptr;
    }
    return found;
}

bool erase(Value* object, std::initializer_list<std::string_view> names) {
    bool any = false;
    for (const auto name : names) any = (object && object->erase(name)) || any;
    return any;
}

/// Takes out members of metadata's labels or annotations, and the map itself where none is left.
bool erase_from_map(Value& value, Bytes map, std::initializer_list<std::string_view> keys) {
    auto* metadata = value.find("metadata");
    auto* found = metadata ? metadata->find(map) : nullptr;
    if (!erase(found, keys)) return false;
    if (found->members.empty()) metadata->erase(map);
    return true;
}

template <class Which>
bool erase_items(Value* object, Bytes list, Which&& which) {
    auto* found = object ? object->find(list) : nullptr;
    if (!found || !found->is_array()) return false;
    const bool any = std::erase_if(found->items, which) > 0;
    if (any && found->items.empty()) object->erase(list);
    return any;
}

bool clean_metadata(Subject& subject) {
    return erase(subject.value.find("metadata"),
                 {"uid", "resourceVersion", "generation", "creationTimestamp", "selfLink",
                  "managedFields", "deletionTimestamp", "deletionGracePeriodSeconds"});
}

bool clean_status(Subject& subject) {
    return subject.value.erase("status");
}

bool clean_owners(Subject& subject) {
    return erase(subject.value.find("metadata"), {"ownerReferences"});
}

bool clean_finalizers(Subject& subject) {
    return erase(subject.value.find("metadata"), {"finalizers"});
}

bool clean_last_applied(Subject& subject) {
    return erase_from_map(subject.value, "annotations",
                          {"kubectl.kubernetes.io/last-applied-configuration"});
}

/// A template's own metadata bears a creationTimestamp of null up to 1.33.
bool clean_null_times(Value& value, std::size_t depth) {
    if (depth > kube::max_value_depth) return false;
    const bool any_here = std::erase_if(value.members, [](const Value::Member& member) {
                              return member.name == "creationTimestamp" && member.value.is_null();
                          }) > 0;
    bool any = any_here;
    for (auto& item : value.items) any = clean_null_times(item, depth + 1) || any;
    for (auto& member : value.members) any = clean_null_times(member.value, depth + 1) || any;
    return any;
}
bool clean_template_times(Subject& subject) {
    return subject.object.key().type && !subject.object.key().type->is_custom() &&
           clean_null_times(subject.value, 0);
}

/// Its label kubernetes.io/metadata.name stays: a server-side apply that names nothing but the
/// object owns nothing, and the next one writes it anew.
bool clean_namespace(Subject& subject) {
    if (!subject.is("", "Namespace")) return false;
    auto* spec = subject.value.find("spec");
    const bool finalizers = erase(spec, {"finalizers"});
    if (spec && spec->members.empty()) subject.value.erase("spec");
    return finalizers;
}

/// A headless Service says so by "None", which stays.
bool clean_cluster_ips(Subject& subject) {
    auto* spec = subject.is("", "Service") ? subject.value.find("spec") : nullptr;
    if (!spec || spec->text("clusterIP") == "None") return false;
    bool any = erase(spec, {"clusterIP", "clusterIPs"});
    if (spec->text("ipFamilyPolicy") == "SingleStack")
        any = erase(spec, {"ipFamilies", "ipFamilyPolicy"}) || any;
    return any;
}

bool clean_claim(Subject& subject) {
    if (!subject.is("", "PersistentVolumeClaim")) return false;
    const bool annotations = erase_from_map(
        subject.value, "annotations",
        {"pv.kubernetes.io/bind-completed", "pv.kubernetes.io/bound-by-controller",
         "volume.kubernetes.io/selected-node", "volume.kubernetes.io/storage-provisioner",
         "volume.beta.kubernetes.io/storage-provisioner"});
    return erase(subject.value.find("spec"), {"volumeName"}) || annotations;
}

bool clean_volume(Subject& subject) {
    if (!subject.is("", "PersistentVolume")) return false;
    const bool annotations =
        erase_from_map(subject.value, "annotations", {"pv.kubernetes.io/bound-by-controller"});
    return erase(at(subject.value, {"spec", "claimRef"}), {"uid", "resourceVersion"}) ||
           annotations;
}

bool clean_claim_templates(Subject& subject) {
    auto* templates = subject.is("apps", "StatefulSet")
                          ? at(subject.value, {"spec", "volumeClaimTemplates"})
                          : nullptr;
    bool any = false;
    if (!templates) return any;
    for (auto& one : templates->items) any = erase(&one, {"status"}) || any;
    return any;
}

bool clean_workload_revision(Subject& subject) {
    return erase_from_map(
        subject.value, "annotations",
        {"deployment.kubernetes.io/revision", "deprecated.daemonset.template.generation"});
}

/// With manualSelector a Job's maker chose it.
bool clean_job(Subject& subject) {
    auto* spec = subject.is("batch", "Job") ? subject.value.find("spec") : nullptr;
    if (!spec) return false;
    const auto* manual = spec->find("manualSelector");
    if (manual && manual->boolean) return false;
    const std::initializer_list<std::string_view> labels{"controller-uid", "job-name",
                                                         "batch.kubernetes.io/controller-uid",
                                                         "batch.kubernetes.io/job-name"};
    bool any = erase(spec, {"selector"});
    any = erase_from_map(subject.value, "labels", labels) || any;
    if (auto* pod = spec->find("template")) any = erase_from_map(*pod, "labels", labels) || any;
    return any;
}

bool clean_pod_node(Subject& subject) {
    return subject.is("", "Pod") && erase(subject.value.find("spec"), {"nodeName"});
}

/// A priority that an admission plugin looked up is refused where it does not fit the class.
bool clean_pod_priority(Subject& subject) {
    auto* spec = subject.is("", "Pod") ? subject.value.find("spec") : nullptr;
    return erase(spec, {"priority", "preemptionPolicy"});
}

bool clean_pod_tolerations(Subject& subject) {
    auto* spec = subject.is("", "Pod") ? subject.value.find("spec") : nullptr;
    return erase_items(spec, "tolerations", [](const Value& one) {
        constexpr std::int64_t by_default = 300;
        const auto* seconds = one.find("tolerationSeconds");
        const auto key = one.text("key");
        return seconds && seconds->type == Value::Type::integer && seconds->integer == by_default &&
               one.text("operator") == "Exists" && one.text("effect") == "NoExecute" &&
               (key == "node.kubernetes.io/not-ready" || key == "node.kubernetes.io/unreachable");
    });
}

bool clean_pod_token(Subject& subject) {
    auto* spec = subject.is("", "Pod") ? subject.value.find("spec") : nullptr;
    if (!spec) return false;
    const auto is_token = [](const Value& one) {
        return one.text("name").starts_with("kube-api-access-");
    };
    bool any = erase_items(spec, "volumes", is_token);
    for (const auto list : {"containers", "initContainers", "ephemeralContainers"}) {
        auto* containers = spec->find(list);
        if (!containers) continue;
        for (auto& one : containers->items)
            any = erase_items(&one, "volumeMounts", is_token) || any;
    }
    return any;
}

bool clean_account(Subject& subject) {
    if (!subject.is("", "ServiceAccount")) return false;
    const auto is_made = [&](const Value& one) {
        const auto name = one.text("name");
        return name.starts_with(fmt::format("{}-token-", subject.name)) ||
               name.starts_with(fmt::format("{}-dockercfg-", subject.name));
    };
    const bool tokens = erase_items(&subject.value, "secrets", is_made);
    return erase_items(&subject.value, "imagePullSecrets", is_made) || tokens;
}

constexpr std::array rules{
    CleaningRule{"server-metadata",
                 "uid, resourceVersion, generation, creationTimestamp, selfLink, managedFields: a "
                 "server sets them",
                 clean_metadata},
    CleaningRule{"status", "status: controllers report in it", clean_status},
    CleaningRule{"owner-references", "ownerReferences: they name owners by uids of that cluster",
                 clean_owners},
    CleaningRule{"finalizers", "finalizers: their controllers add them again", clean_finalizers},
    CleaningRule{"last-applied", "kubectl's annotation last-applied-configuration: a copy",
                 clean_last_applied},
    CleaningRule{"template-times", "creationTimestamp null in templates: nothing",
                 clean_template_times},
    CleaningRule{"namespace", "a Namespace's finalizers: a server adds them", clean_namespace},
    CleaningRule{
        "cluster-ip",
        "a Service's clusterIP and clusterIPs but None, its ipFamilies where single-stack: "
        "they are allotted",
        clean_cluster_ips},
    CleaningRule{"claim-binding", "a claim's volumeName and the annotations of its binding",
                 clean_claim},
    CleaningRule{"volume-binding", "the uid in a volume's claimRef: its name binds it again",
                 clean_volume},
    CleaningRule{"claim-template-status", "status of a StatefulSet's volumeClaimTemplates",
                 clean_claim_templates},
    CleaningRule{"workload-revision", "annotations that count a workload's revisions",
                 clean_workload_revision},
    CleaningRule{"job-selector",
                 "a Job's selector and the labels that it selects by, unless manualSelector",
                 clean_job},
    CleaningRule{"pod-node", "a Pod's nodeName: a scheduler chooses it", clean_pod_node},
    CleaningRule{"pod-priority", "a Pod's priority and preemptionPolicy: of its class",
                 clean_pod_priority},
    CleaningRule{"pod-tolerations", "a Pod's tolerations that every pod gets",
                 clean_pod_tolerations},
    CleaningRule{"pod-token", "a Pod's volume kube-api-access-* and its mounts", clean_pod_token},
    CleaningRule{"account-tokens",
                 "a ServiceAccount's secrets and imagePullSecrets that were made for it",
                 clean_account},
};

}  // namespace

std::span<const CleaningRule> cleaning_rules() {
    return rules;
}

}  // namespace salvor::cluster
