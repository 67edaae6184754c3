#include <fmt/format.h>

#include <array>

#include "core/cluster/table/cells.hpp"

namespace salvor::table {
namespace {

constexpr auto wide = Width::wide;

std::string access_modes(const Subject& subject, std::string_view path) {
    static constexpr std::array shorts{
        std::pair{"ReadWriteOnce", "RWO"}, std::pair{"ReadOnlyMany", "ROX"},
        std::pair{"ReadWriteMany", "RWX"}, std::pair{"ReadWriteOncePod", "RWOP"}};
    std::vector<std::string> found;
    for (const auto& [mode, abbreviation] : shorts) {
        for (const auto& item : items_at(subject.object, path)) {
            if (item.string != mode) continue;
            found.emplace_back(abbreviation);
            break;
        }
    }
    return join(found, ",");
}

std::string phase(const Subject& subject, std::string_view) {
    return is_deleting(subject.object) ? "Terminating" : text_at(subject, "status.phase");
}

std::string storage_class_of(const Subject& subject, std::string_view) {
    const auto* beta = annotation(subject.object, "volume.beta.kubernetes.io/storage-class");
    return beta ? text_of(beta) : text_at(subject, "spec.storageClassName");
}

std::string claim(const Subject& subject, std::string_view path) {
    const auto* claim = at(subject.object, path);
    if (!claim || !claim->is_object()) return {};
    return fmt::format("{}/{}", claim->text("namespace"), claim->text("name"));
}

constexpr Column persistent_volume[] = {
    {"NAME", name},
    {"CAPACITY", number_at, "spec.capacity.storage"},
    {"ACCESS MODES", access_modes, "spec.accessModes"},
    {"RECLAIM POLICY", text_at, "spec.persistentVolumeReclaimPolicy"},
    {"STATUS", phase},
    {"CLAIM", claim, "spec.claimRef"},
    {"STORAGECLASS", storage_class_of},
    {.header = "VOLUMEATTRIBUTESCLASS",
     .cell = set_or_unset,
     .path = "spec.volumeAttributesClassName",
     .since = 29},
    {"REASON", text_at, "status.reason"},
    {"AGE", age_at, created},
    {"VOLUMEMODE", set_or_unset, "spec.volumeMode", wide},
};

bool is_bound(const Subject& subject) {
    return !string_at(subject.object, "spec.volumeName").empty();
}
std::string bound_capacity(const Subject& subject, std::string_view path) {
    return is_bound(subject) ? number_at(subject, path) : std::string{};
}
std::string bound_modes(const Subject& subject, std::string_view path) {
    return is_bound(subject) ? access_modes(subject, path) : std::string{};
}

constexpr Column persistent_volume_claim[] = {
    {"NAME", name},
    {"STATUS", phase},
    {"VOLUME", text_at, "spec.volumeName"},
    {"CAPACITY", bound_capacity, "status.capacity.storage"},
    {"ACCESS MODES", bound_modes, "status.accessModes"},
    {"STORAGECLASS", storage_class_of},
    {.header = "VOLUMEATTRIBUTESCLASS",
     .cell = set_or_unset,
     .path = "spec.volumeAttributesClassName",
     .since = 29},
    {"AGE", age_at, created},
    {"VOLUMEMODE", set_or_unset, "spec.volumeMode", wide},
};

std::string class_name(const Subject& subject, std::string_view) {
    constexpr auto now = "storageclass.kubernetes.io/is-default-class";
    constexpr auto beta = "storageclass.beta.kubernetes.io/is-default-class";
    const auto* mark = annotation(subject.object, now);
    return name_or_default(subject, mark && mark->string == "true" ? now : beta);
}
std::string reclaim_policy(const Subject& subject, std::string_view path) {
    return has(subject.object, path) ? text_at(subject, path) : "Delete";
}
std::string binding_mode(const Subject& subject, std::string_view path) {
    return has(subject.object, path) ? text_at(subject, path) : "Immediate";
}
constexpr Column storage_class[] = {
    {"NAME", class_name},
    {"PROVISIONER", text_at, "provisioner"},
    {.header = "RECLAIMPOLICY", .cell = reclaim_policy, .path = "reclaimPolicy", .since = 17},
    {.header = "VOLUMEBINDINGMODE", .cell = binding_mode, .path = "volumeBindingMode", .since = 17},
    {.header = "ALLOWVOLUMEEXPANSION",
     .cell = truth_at,
     .path = "allowVolumeExpansion",
     .since = 17},
    {"AGE", age_at, created},
};

constexpr Column volume_attributes_class[] = {
    {.header = "NAME",
     .cell = name_or_default,
     .path = "volumeattributesclass.alpha.kubernetes.io/is-default-class",
     .until = 33},
    {.header = "NAME", .cell = name, .since = 34},
    {"DRIVERNAME", text_at, "driverName"},
    {"AGE", age_at, created},
};

constexpr Column volume_attachment[] = {
    {"NAME", name},
    {"ATTACHER", text_at, "spec.attacher"},
    {"PV", text_at, "spec.source.persistentVolumeName"},
    {"NODE", text_at, "spec.nodeName"},
    {"ATTACHED", truth_at, "status.attached"},
    {"AGE", age_at, created},
};

constexpr Column csi_node[] = {
    {"NAME", name},
    {"DRIVERS", count_at, "spec.drivers"},
    {"AGE", age_at, created},
};

std::string attach_required(const Subject& subject, std::string_view path) {
    return has(subject.object, path) ? truth_at(subject, path) : "true";
}
std::string token_audiences(const Subject& subject, std::string_view path) {
    if (!has(subject.object, path)) return "<unset>";
    std::vector<std::string> audiences;
    for (const auto& request : items_at(subject.object, path))
        audiences.emplace_back(request.text("audience"));
    return join(audiences, ",");
}

constexpr Column csi_driver[] = {
    {"NAME", name},
    {"ATTACHREQUIRED", attach_required, "spec.attachRequired"},
    {"PODINFOONMOUNT", truth_at, "spec.podInfoOnMount"},
    {.header = "STORAGECAPACITY", .cell = truth_at, .path = "spec.storageCapacity", .since = 21},
    {.header = "TOKENREQUESTS", .cell = token_audiences, .path = "spec.tokenRequests", .since = 21},
    {.header = "REQUIRESREPUBLISH",
     .cell = truth_at,
     .path = "spec.requiresRepublish",
     .since = 21},
    {"MODES", list_or_none, "spec.volumeLifecycleModes"},
    {"AGE", age_at, created},
};

constexpr Column csi_storage_capacity[] = {
    {"NAME", name},
    {"CREATED AT", time_at, created},
};

constexpr Kind kinds[] = {
    {"", "PersistentVolume", persistent_volume},
    {"", "PersistentVolumeClaim", persistent_volume_claim},
    {"storage.k8s.io", "StorageClass", storage_class},
    {"storage.k8s.io", "VolumeAttributesClass", volume_attributes_class},
    {"storage.k8s.io", "VolumeAttachment", volume_attachment},
    {"storage.k8s.io", "CSINode", csi_node},
    {"storage.k8s.io", "CSIDriver", csi_driver},
    {"storage.k8s.io", "CSIStorageCapacity", csi_storage_capacity},
};

}  // namespace

std::span<const Kind> storage() {
    return kinds;
}

}  // namespace salvor::table
