#include "core/diff/event_detail.hpp"

#include <algorithm>
#include <array>

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
};

bool is_true(const Value* value) {
    return value && value->type == Value::Type::boolean && value->boolean;
}

bool container_reaches_out(const Value& container) {
    if (is_true(container.at({"securityContext", "privileged"}))) return true;
    const auto* added = container.at({"securityContext", "capabilities", "add"});
    return added && !added->items.empty();
}

/// A pod's spec that gives more than a container of its own.
bool reaches_out(const Value& spec) {
    for (const Bytes name : {"hostPID", "hostIPC", "hostNetwork"}) {
        if (is_true(spec.find(name))) return true;
    }
    for (const Bytes list : {"containers", "initContainers", "ephemeralContainers"}) {
        const auto* containers = spec.find(list);
        if (containers &&
            std::any_of(containers->items.begin(), containers->items.end(), container_reaches_out))
            return true;
    }
    const auto* volumes = spec.find("volumes");
    return volumes && std::any_of(volumes->items.begin(), volumes->items.end(),
                                  [](const Value& volume) { return volume.find("hostPath"); });
}

bool has_such_pods(const Value* object) {
    if (!object) return false;
    for (const auto* spec : {object->at({"spec"}), object->at({"spec", "template", "spec"}),
                             object->at({"spec", "jobTemplate", "spec", "template", "spec"})}) {
        if (spec && spec->is_object() && reaches_out(*spec)) return true;
    }
    return false;
}

bool is_workload(Bytes group, Bytes kind) {
    return group == "apps" || group == "batch" ||
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

bool concerns_security(Bytes group, Bytes kind, const Value* before, const Value* after) {
    const bool listed =
        std::any_of(security_kinds.begin(), security_kinds.end(), [&](const Kind& one) {
            return one.group == group && (one.kind.empty() || one.kind == kind);
        });
    return listed || (is_workload(group, kind) && (has_such_pods(before) || has_such_pods(after)));
}

}  // namespace salvor::diff
