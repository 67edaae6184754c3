#include <algorithm>
#include <array>

#include "core/cluster/describe/terms.hpp"
#include "core/cluster/describe/volumes.hpp"

// What is stored, and how.

namespace salvor::describe {
namespace {

constexpr std::uint8_t ephemeral_owners_since = 29;    ///< of claims
constexpr std::uint8_t attributes_classes_since = 30;  ///< VolumeAttributesClass is described

std::string or_zero(std::string text) {
    return text.empty() ? "0" : text;
}

void node_affinity(const Value& volume, Writer& out) {
    const auto* required = at(volume, "spec.nodeAffinity.required");
    out.write(0, "Node Affinity:\t");
    if (!required || !required->is_object()) return out.end_line("<none>");
    out.end_line("");
    const auto terms = items_at(*required, "nodeSelectorTerms");
    out.write(1, "Required Terms:\t");
    out.end_line(terms.empty() ? "<none>" : "");
    selector_terms(out, 2, terms, "matchExpressions");
}

std::string volume_class(const Value& volume) {
    if (const auto* beta = table::annotation(volume, "volume.beta.kubernetes.io/storage-class"))
        return text_of(beta);
    return text_at(volume, "spec.storageClassName");
}

void describe_volume(const Subject& subject, Writer& out) {
    const auto& volume = subject.object;
    name(subject, out);
    labels_and_annotations(subject, out);
    out.write(0, "Finalizers:\t{}\n", bracketed_at(volume, "metadata.finalizers"));
    out.write(0, "StorageClass:\t{}\n", volume_class(volume));
    if (table::is_deleting(volume)) {
        out.write(0, "Status:\tTerminating (lasts {})\n",
                  age(subject, at(volume, "metadata.deletionTimestamp")));
    } else {
        out.write(0, "Status:\t{}\n", text_at(volume, "status.phase"));
    }
    const auto* claim = at(volume, "spec.claimRef");
    out.write(0, "Claim:\t{}\n",
              claim && claim->is_object()
                  ? fmt::format("{}/{}", claim->text("namespace"), claim->text("name"))
                  : "");
    out.write(0, "Reclaim Policy:\t{}\n", text_at(volume, "spec.persistentVolumeReclaimPolicy"));
    out.write(0, "Access Modes:\t{}\n", access_modes(volume, "spec.accessModes"));
    if (has(volume, "spec.volumeMode"))
        out.write(0, "VolumeMode:\t{}\n", text_at(volume, "spec.volumeMode"));
    out.write(0, "Capacity:\t{}\n", or_zero(text_at(volume, "spec.capacity.storage")));
    node_affinity(volume, out);
    out.write(0, "Message:\t{}\n", text_at(volume, "status.message"));
    out.write(0, "Source:\n");
    static const Value no_spec{};
    const auto* spec = volume.find("spec");
    volume_source(spec ? *spec : no_spec, out);
}

/// Pods that mount a claim, or that it was made for.
std::vector<std::string> users_of(const Subject& subject) {
    const auto& claim = subject.object;
    const auto owners = items_at(claim, "metadata.ownerReferences");
    std::vector<std::string> names;
    subject.around.each("pods", string_at(claim, "metadata.namespace"), [&](const Value& pod) {
        bool uses = false;
        for (const auto& volume : items_at(pod, "spec.volumes")) {
            if (text_at(volume, "persistentVolumeClaim.claimName") !=
                string_at(claim, "metadata.name"))
                continue;
            uses = true;
            names.push_back(text_at(pod, "metadata.name"));
        }
        const bool is_owner = std::any_of(owners.begin(), owners.end(), [&](const Value& owner) {
            return owner.text("kind") == "Pod" &&
                   owner.text("uid") == string_at(pod, "metadata.uid");
        });
        if (!uses && is_owner && subject.release >= ephemeral_owners_since)
            names.push_back(text_at(pod, "metadata.name"));
    });
    std::sort(names.begin(), names.end());
    return names;
}

void describe_claim(const Subject& subject, Writer& out) {
    claim(subject, out, subject.object, true);
    lines(out, "Used By", users_of(subject));
    static constexpr std::array columns{
        ConditionColumn{"Type", "type", false, true},
        ConditionColumn{"Status", "status", false, true},
        ConditionColumn{"LastProbeTime", "lastProbeTime", true, true, 17},
        ConditionColumn{"LastTransitionTime", "lastTransitionTime", true, true},
        ConditionColumn{"Reason", "reason", false, true},
        ConditionColumn{"Message", "message"}};
    conditions(subject, out, columns);
}

bool is_default(const Value& object) {
    for (const auto* name : {"storageclass.kubernetes.io/is-default-class",
                             "storageclass.beta.kubernetes.io/is-default-class"}) {
        const auto* mark = table::annotation(object, name);
        if (mark && mark->string == "true") return true;
    }
    return false;
}

void topologies(const Value& storage_class, Writer& out) {
    if (!has(storage_class, "allowedTopologies")) return;
    const auto terms = items_at(storage_class, "allowedTopologies");
    out.write(0, "AllowedTopologies:\t");
    out.end_line(terms.empty() ? "<none>" : "");
    selector_terms(out, 1, terms, "matchLabelExpressions");
}

void describe_storage_class(const Subject& subject, Writer& out) {
    const auto& object = subject.object;
    name(subject, out);
    out.write(0, "IsDefaultClass:\t{}\n", is_default(object) ? "Yes" : "No");
    out.write(0, "Annotations:\t{}\n", pairs_at(object, "metadata.annotations"));
    out.write(0, "Provisioner:\t{}\n", text_at(object, "provisioner"));
    out.write(0, "Parameters:\t{}\n", pairs_at(object, "parameters"));
    out.write(0, "AllowVolumeExpansion:\t{}\n", optional_truth_at(object, "allowVolumeExpansion"));
    const auto options = texts_at(object, "mountOptions");
    out.write(0, "MountOptions:{}\n", options.empty() ? "\t<none>" : "");
    for (const auto& option : options) out.write(1, "{}\n", option);
    for (const auto& [title, field] : {std::pair{"ReclaimPolicy", "reclaimPolicy"},
                                       std::pair{"VolumeBindingMode", "volumeBindingMode"}}) {
        if (has(object, field)) out.write(0, "{}:\t{}\n", title, text_at(object, field));
    }
    topologies(object, out);
}

void describe_attributes_class(const Subject& subject, Writer& out) {
    name(subject, out);
    out.write(0, "Annotations:\t{}\n", pairs_at(subject.object, "metadata.annotations"));
    out.write(0, "DriverName:\t{}\n", text_at(subject.object, "driverName"));
    out.write(0, "Parameters:\t{}\n", pairs_at(subject.object, "parameters"));
}

void describe_csi_node(const Subject& subject, Writer& out) {
    name(subject, out);
    labels_and_annotations(subject, out);
    created(subject, out);
    out.write(0, "Spec:\n");
    if (!has(subject.object, "spec.drivers")) return;
    out.write(1, "Drivers:\n");
    for (const auto& driver : items_at(subject.object, "spec.drivers")) {
        out.write(2, "{}:\n", driver.text("name"));
        out.write(3, "Node ID:\t{}\n", driver.text("nodeID"));
        if (has(driver, "allocatable.count")) {
            out.write(3, "Allocatables:\n");
            out.write(4, "Count:\t{}\n", text_at(driver, "allocatable.count"));
        }
        if (has(driver, "topologyKeys"))
            out.write(3, "Topology Keys:\t{}\n", bracketed_at(driver, "topologyKeys"));
    }
}

}  // namespace

std::span<const Kind> storage() {
    static constexpr std::array kinds{
        Kind{"", "PersistentVolume", describe_volume},
        Kind{"", "PersistentVolumeClaim", describe_claim},
        Kind{"storage.k8s.io", "StorageClass", describe_storage_class},
        Kind{"storage.k8s.io", "VolumeAttributesClass", describe_attributes_class, Events::shown,
             attributes_classes_since},
        Kind{"storage.k8s.io", "CSINode", describe_csi_node},
    };
    return kinds;
}

}  // namespace salvor::describe
