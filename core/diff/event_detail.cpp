#include "core/diff/event_detail.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "core/cluster/pod_secrets.hpp"

namespace salvor::diff {
namespace {

using cluster::FieldChange;
using kube::Value;

bool is_below(std::string_view path, std::string_view place) {
    return path.starts_with(place) &&
           (path.size() == place.size() || path[place.size()] == '.' || path[place.size()] == '[');
}

enum class Side { any, appears, goes };

/// A field whose change has a word.
struct Word {
    Bytes kind;  ///< empty: any
    Bytes path;
    Side side;
    Bytes word;
};
/// The first that fits.
constexpr std::array words{
    Word{"", "metadata.deletionTimestamp", Side::appears, "deletion asked for"},
    Word{"", "metadata.uid", Side::any, "created again"},
    Word{"Pod", "spec.nodeName", Side::appears, "bound"},
    Word{"PersistentVolumeClaim", "spec.volumeName", Side::appears, "bound"},
    Word{"PersistentVolume", "spec.claimRef", Side::appears, "bound"},
    Word{"PersistentVolume", "spec.claimRef", Side::goes, "released"},
    Word{"Node", "spec.unschedulable", Side::appears, "cordoned"},
    Word{"Node", "spec.unschedulable", Side::goes, "uncordoned"},
    Word{"Node", "spec.taints", Side::any, "taints changed"},
    Word{"CertificateSigningRequest", "status.conditions", Side::any, "decided"},
    Word{"CertificateSigningRequest", "status.certificate", Side::appears, "issued"},
    Word{"", "spec.template", Side::any, "rolled out"},
    Word{"", "spec.replicas", Side::any, "scaled"},
    Word{"CronJob", "spec.suspend", Side::any, "suspended or resumed"},
    Word{"Job", "spec.suspend", Side::any, "suspended or resumed"},
    Word{"", "subjects", Side::any, "subjects changed"},
    Word{"", "rules", Side::any, "rules changed"},
    Word{"", "webhooks", Side::any, "webhooks changed"},
    Word{"Secret", "data", Side::any, "data changed"},
    Word{"ConfigMap", "data", Side::any, "data changed"},
    Word{"", "metadata.finalizers", Side::any, "finalizers changed"},
    Word{"", "metadata.ownerReferences", Side::any, "owners changed"},
    Word{"Lease", "spec.renewTime", Side::any, "renewed"},
};

bool fits(const Word& word, const FieldChange& change) {
    if (!is_below(change.path, word.path)) return false;
    if (word.side == Side::appears) return change.after && !change.before;
    return word.side == Side::any || (change.before && !change.after);
}

bool all_below(const cluster::Changes& changes, std::string_view place) {
    return !changes.fields.empty() &&
           std::all_of(changes.fields.begin(), changes.fields.end(), [&](const FieldChange& one) {
               return is_below(one.path, place) || is_below(one.path, "metadata.managedFields") ||
                      one.path == "metadata.resourceVersion";
           });
}

struct Kind {
    Bytes group, kind;  ///< an empty kind: all of the group
};
constexpr std::array security_kinds{
    Kind{"rbac.authorization.k8s.io", ""},
    Kind{"", "ServiceAccount"},
    Kind{"", "Secret"},
    Kind{"certificates.k8s.io", ""},
    Kind{"admissionregistration.k8s.io", ""},
    Kind{"apiregistration.k8s.io", ""},
    Kind{"authorization.openshift.io", ""},
    Kind{"oauth.openshift.io", ""},
    Kind{"security.openshift.io", ""},
    Kind{"user.openshift.io", ""},
};

bool is_true(const Value* value) {
    return value && value->type == Value::Type::boolean && value->boolean;
}

Bytes reach_of_container(const Value& container) {
    if (is_true(container.at({"securityContext", "privileged"}))) return "privileged";
    const auto* added = container.at({"securityContext", "capabilities", "add"});
    return added && !added->items.empty() ? "added capabilities" : "";
}

/// What a pod's spec gives beyond a container of its own; empty: nothing.
Bytes reach_of_pod(const Value& spec) {
    for (const Bytes list : {"containers", "initContainers", "ephemeralContainers"}) {
        const auto* containers = spec.find(list);
        if (!containers) continue;
        for (const auto& container : containers->items) {
            if (const auto reach = reach_of_container(container); !reach.empty()) return reach;
        }
    }
    for (const Bytes name : {"hostPID", "hostIPC", "hostNetwork"}) {
        if (is_true(spec.find(name))) return name;
    }
    const auto* volumes = spec.find("volumes");
    return volumes && std::any_of(volumes->items.begin(), volumes->items.end(),
                                  [](const Value& volume) { return volume.find("hostPath"); })
               ? "hostPath"
               : "";
}

Bytes reach_of(const Value* object) {
    if (!object) return {};
    for (const auto* spec : {object->at({"spec"}), object->at({"spec", "template", "spec"}),
                             object->at({"spec", "jobTemplate", "spec", "template", "spec"})}) {
        const auto reach = spec && spec->is_object() ? reach_of_pod(*spec) : Bytes();
        if (!reach.empty()) return reach;
    }
    return {};
}

using Names = std::set<std::string>;

Names secrets_of(const Value* object) {
    const auto* spec = object ? object->at({"spec"}) : nullptr;
    return spec ? cluster::secrets_in_pod(*spec) : Names{};
}

std::optional<std::string> reason_of_pods(const Value* before, const Value* after) {
    const auto reach = after ? reach_of(after) : reach_of(before);
    if (!reach.empty()) return std::string(reach);
    if (!reach_of(before).empty()) return "no longer " + std::string(reach_of(before));
    const auto old = secrets_of(before), now = secrets_of(after);
    if (old == now) return {};
    return now.empty()
               ? "uses no Secret any more"
               : fmt::format("uses Secret{} {}", now.size() == 1 ? "" : "s", fmt::join(now, ", "));
}

/// The labels by which pods of a Namespace are let in.
std::map<Bytes, Bytes> admission_labels(const Value* object) {
    std::map<Bytes, Bytes> found;
    const auto* labels = object ? object->at({"metadata", "labels"}) : nullptr;
    if (!labels) return found;
    for (const auto& label : labels->members) {
        if (label.name.starts_with("pod-security.kubernetes.io/"))
            found[label.name] = label.value.string;
    }
    return found;
}

bool is_workload(Bytes group, Bytes kind) {
    return group == "apps" || group == "batch" || group == "apps.openshift.io" ||
           (group.empty() && (kind == "Pod" || kind == "ReplicationController"));
}

}  // namespace

std::string detail_of(Bytes kind, const cluster::Changes& changes) {
    for (const auto& word : words) {
        if (!word.kind.empty() && word.kind != kind) continue;
        for (const auto& change : changes.fields) {
            if (fits(word, change)) return std::string(word.word);
        }
    }
    if (all_below(changes, "status")) return "status";
    if (all_below(changes, "metadata.labels")) return "labelled";
    if (all_below(changes, "metadata.annotations")) return "annotated";
    return {};
}

std::optional<std::string> security_reason(Bytes group, Bytes kind, const Value* before,
                                           const Value* after) {
    const bool is_listed =
        std::any_of(security_kinds.begin(), security_kinds.end(), [&](const Kind& one) {
            return one.group == group && (one.kind.empty() || one.kind == kind);
        });
    if (is_listed) return "";
    if (is_workload(group, kind)) return reason_of_pods(before, after);
    if (group.empty() && kind == "Namespace" && admission_labels(before) != admission_labels(after))
        return "pod security changed";
    return {};
}

}  // namespace salvor::diff
