#include "core/cluster/describe/volumes.hpp"

#include <algorithm>
#include <array>

#include "core/cluster/json_path.hpp"
#include "core/cluster/sort_key.hpp"

namespace salvor::describe {
namespace {

// -- a row of a volume's source

std::string plain(const Value& source, std::string_view path) {
    return text_at(source, path);
}
std::string number(const Value& source, std::string_view path) {
    return number_at(source, path);
}
std::string truth(const Value& source, std::string_view path) {
    return truth_at(source, path);
}
std::string set_or_none(const Value& source, std::string_view path) {
    return has(source, path) ? text_at(source, path) : "<none>";
}
std::string set_or_unset(const Value& source, std::string_view path) {
    return has(source, path) ? text_at(source, path) : "<unset>";
}
std::string list(const Value& source, std::string_view path) {
    return bracketed_at(source, path);
}
std::string joined(const Value& source, std::string_view path) {
    return joined_at(source, path, ", ");
}
std::string map(const Value& source, std::string_view path) {
    const auto* found = at(source, path);
    return found && found->is_object() ? cluster::go_text(*found) : "map[]";
}
/// As Go's generated code prints a pointer to one.
std::string reference(const Value& source, std::string_view path) {
    const auto* found = at(source, path);
    if (!found || !found->is_object()) return "nil";
    return fmt::format("&LocalObjectReference{{Name:{},}}", found->text("name"));
}
/// What a PersistentVolume has in its place, for its Secret may lie in any namespace.
std::string far_reference(const Value& source, std::string_view path) {
    const auto* found = at(source, path);
    if (!found || !found->is_object()) return "nil";
    return fmt::format("&SecretReference{{Name:{},Namespace:{},}}", found->text("name"),
                       found->text("namespace"));
}
std::string size_limit(const Value& source, std::string_view path) {
    auto text = text_at(source, path);
    return cluster::quantity_of(text).value_or(0) > 0 ? text : "<unset>";
}

struct Row {
    std::string_view label;
    std::string (*cell)(const Value& source, std::string_view path);
    std::string_view path;
};

struct Source {
    std::string_view member, title;
    std::array<Row, 11> rows{};
    /// What follows the rows.
    void (*more)(const Subject* subject, Writer& out, const Value& source) = nullptr;
};

// -- what is no row

void downward_items(const Subject*, Writer& out, const Value& source) {
    out.write(2, "Items:\n");
    for (const auto& item : items_at(source, "items")) {
        for (const std::string_view path : {"fieldRef.fieldPath", "resourceFieldRef.resource"}) {
            if (has(item, path)) out.write(3, "{} -> {}\n", text_at(item, path), item.text("path"));
        }
    }
}

/// The labels of one optional part changed with 1.33.
constexpr std::uint8_t plain_optional_since = 33;

void projected(const Subject& subject, Writer& out, const Value& part, std::string_view what) {
    out.write(2, "{}Name:\t{}\n", what, part.text("name"));
    if (subject.release >= plain_optional_since)
        return out.write(2, "Optional:\t{}\n", truth_at(part, "optional"));
    const bool is_secret = what == "Secret";
    out.write(2, "{}:\t{}\n", is_secret ? "SecretOptionalName" : "ConfigMapOptional",
              has(part, "optional") ? truth_at(part, "optional") : "<nil>");
}

void projections(const Subject* subject, Writer& out, const Value& source) {
    for (const auto& part : items_at(source, "sources")) {
        if (const auto* secret = part.find("secret")) {
            projected(*subject, out, *secret, "Secret");
        } else if (part.find("downwardAPI")) {
            out.write(2, "DownwardAPI:\ttrue\n");
        } else if (const auto* config_map = part.find("configMap")) {
            projected(*subject, out, *config_map, "ConfigMap");
        } else if (const auto* token = part.find("serviceAccountToken")) {
            out.write(2, "TokenExpirationSeconds:\t{}\n", number_at(*token, "expirationSeconds"));
        }
    }
}

void ephemeral(const Subject* subject, Writer& out, const Value& source) {
    const auto* made = source.find("volumeClaimTemplate");
    if (!made) return;
    const Deeper deeper(out, 2);
    claim(*subject, out, *made, false);
}

void attributes(const Subject*, Writer& out, const Value& source) {
    constexpr std::size_t most = 140;
    const auto members = sorted(source.find("volumeAttributes"));
    out.write(2, "VolumeAttributes:\t");
    if (members.empty()) return out.end_line("<none>");
    for (const auto* member : members) {
        // Each part of the line is indented.
        if (member != members.front()) out.write(2, ""), out.write(2, "\t");
        const auto line = fmt::format("{}={}", member->name, text_of(&member->value));
        out.write(2, "{}{}\n", line.substr(0, most), line.size() > most ? "..." : "");
    }
}

constexpr std::string_view csi_title = "CSI (a Container Storage Interface (CSI) volume source)";
constexpr std::string_view scale_io_title =
    "ScaleIO (a persistent volume backed by a block device in ScaleIO)";
constexpr std::string_view glusterfs_title =
    "Glusterfs (a Glusterfs mount on the host that shares a pod's lifetime)";
constexpr std::string_view azure_file_title =
    "AzureFile (an Azure File Service mount on the host and bind mount to the pod)";

/// Sources that a pod and a PersistentVolume print alike.
constexpr std::array common{
    Source{"hostPath",
           "HostPath (bare host directory volume)",
           {{{"Path:", plain, "path"}, {"HostPathType:", set_or_none, "type"}}}},
    Source{"gcePersistentDisk",
           "GCEPersistentDisk (a Persistent Disk resource in Google Compute Engine)",
           {{{"PDName:", plain, "pdName"},
             {"FSType:", plain, "fsType"},
             {"Partition:", number, "partition"},
             {"ReadOnly:", truth, "readOnly"}}}},
    Source{"awsElasticBlockStore",
           "AWSElasticBlockStore (a Persistent Disk resource in AWS)",
           {{{"VolumeID:", plain, "volumeID"},
             {"FSType:", plain, "fsType"},
             {"Partition:", number, "partition"},
             {"ReadOnly:", truth, "readOnly"}}}},
    Source{"nfs",
           "NFS (an NFS mount that lasts the lifetime of a pod)",
           {{{"Server:", plain, "server"},
             {"Path:", plain, "path"},
             {"ReadOnly:", truth, "readOnly"}}}},
    Source{"quobyte",
           "Quobyte (a Quobyte mount on the host that shares a pod's lifetime)",
           {{{"Registry:", plain, "registry"},
             {"Volume:", plain, "volume"},
             {"ReadOnly:", truth, "readOnly"}}}},
    Source{"portworxVolume",
           "PortworxVolume (a Portworx Volume resource)",
           {{{"VolumeID:", plain, "volumeID"}}}},
    Source{"azureDisk",
           "AzureDisk (an Azure Data Disk mount on the host and bind mount to the pod)",
           {{{"DiskName:", plain, "diskName"},
             {"DiskURI:", plain, "diskURI"},
             {"Kind: ", plain, "kind"},
             {"FSType:", plain, "fsType"},
             {"CachingMode:", plain, "cachingMode"},
             {"ReadOnly:", truth, "readOnly"}}}},
    Source{"vsphereVolume",
           "vSphereVolume (a Persistent Disk resource in vSphere)",
           {{{"VolumePath:", plain, "volumePath"},
             {"FSType:", plain, "fsType"},
             {"StoragePolicyName:", plain, "storagePolicyName"}}}},
    Source{"photonPersistentDisk",
           "PhotonPersistentDisk (a Persistent Disk resource in photon platform)",
           {{{"PdID:", plain, "pdID"}, {"FSType:", plain, "fsType"}}}},
    Source{"fc",
           "FC (a Fibre Channel disk)",
           {{{"TargetWWNs:", joined, "targetWWNs"},
             {"LUN:", set_or_none, "lun"},
             {"FSType:", plain, "fsType"},
             {"ReadOnly:", truth, "readOnly"}}}},
    Source{"flocker",
           "Flocker (a Flocker volume mounted by the Flocker agent)",
           {{{"DatasetName:", plain, "datasetName"}, {"DatasetUUID:", plain, "datasetUUID"}}}},
    Source{"iscsi",
           "ISCSI (an ISCSI Disk resource that is attached to a kubelet's host machine and then "
           "exposed to the pod)",
           {{{"TargetPortal:", plain, "targetPortal"},
             {"IQN:", plain, "iqn"},
             {"Lun:", number, "lun"},
             {"ISCSIInterface", plain, "iscsiInterface"},
             {"FSType:", plain, "fsType"},
             {"ReadOnly:", truth, "readOnly"},
             {"Portals:", list, "portals"},
             {"DiscoveryCHAPAuth:", truth, "chapAuthDiscovery"},
             {"SessionCHAPAuth:", truth, "chapAuthSession"},
             {"SecretRef:", reference, "secretRef"},
             {"InitiatorName:", set_or_none, "initiatorName"}}}},
    Source{"rbd",
           "RBD (a Rados Block Device mount on the host that shares a pod's lifetime)",
           {{{"CephMonitors:", list, "monitors"},
             {"RBDImage:", plain, "image"},
             {"FSType:", plain, "fsType"},
             {"RBDPool:", plain, "pool"},
             {"RadosUser:", plain, "user"},
             {"Keyring:", plain, "keyring"},
             {"SecretRef:", reference, "secretRef"},
             {"ReadOnly:", truth, "readOnly"}}}},
    Source{"cinder",
           "Cinder (a Persistent Disk resource in OpenStack)",
           {{{"VolumeID:", plain, "volumeID"},
             {"FSType:", plain, "fsType"},
             {"ReadOnly:", truth, "readOnly"},
             {"SecretRef:", reference, "secretRef"}}}},
    Source{"cephfs",
           "CephFS (a CephFS mount on the host that shares a pod's lifetime)",
           {{{"Monitors:", list, "monitors"},
             {"Path:", plain, "path"},
             {"User:", plain, "user"},
             {"SecretFile:", plain, "secretFile"},
             {"SecretRef:", reference, "secretRef"},
             {"ReadOnly:", truth, "readOnly"}}}},
    Source{"storageos",
           "StorageOS (a StorageOS Persistent Disk resource)",
           {{{"VolumeName:", plain, "volumeName"},
             {"VolumeNamespace:", plain, "volumeNamespace"},
             {"FSType:", plain, "fsType"},
             {"ReadOnly:", truth, "readOnly"}}}},
    Source{"flexVolume",
           "FlexVolume (a generic volume resource that is provisioned/attached using an exec based "
           "plugin)",
           {{{"Driver:", plain, "driver"},
             {"FSType:", plain, "fsType"},
             {"SecretRef:", reference, "secretRef"},
             {"ReadOnly:", truth, "readOnly"},
             {"Options:", map, "options"}}}},
};

constexpr std::array of_pods{
    Source{"emptyDir",
           "EmptyDir (a temporary directory that shares a pod's lifetime)",
           {{{"Medium:", plain, "medium"}, {"SizeLimit:", size_limit, "sizeLimit"}}}},
    Source{"gitRepo",
           "GitRepo (a volume that is pulled from git when the pod is created)",
           {{{"Repository:", plain, "repository"}, {"Revision:", plain, "revision"}}}},
    Source{"secret",
           "Secret (a volume populated by a Secret)",
           {{{"SecretName:", plain, "secretName"}, {"Optional:", truth, "optional"}}}},
    Source{"configMap",
           "ConfigMap (a volume populated by a ConfigMap)",
           {{{"Name:", plain, "name"}, {"Optional:", truth, "optional"}}}},
    Source{"persistentVolumeClaim",
           "PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)",
           {{{"ClaimName:", plain, "claimName"}, {"ReadOnly:", truth, "readOnly"}}}},
    Source{"projected",
           "Projected (a volume that contains injected data from multiple sources)",
           {},
           projections},
    Source{"downwardAPI",
           "DownwardAPI (a volume populated by information about the pod)",
           {},
           downward_items},
    Source{"ephemeral",
           "EphemeralVolume (an inline specification for a volume that gets created and deleted "
           "with the pod)",
           {},
           ephemeral},
    Source{"csi",
           csi_title,
           {{{"Driver:", plain, "driver"},
             {"FSType:", plain, "fsType"},
             {"ReadOnly:", truth, "readOnly"}}},
           attributes},
    Source{"image",
           "Image (a container image or OCI artifact)",
           {{{"Reference:", plain, "reference"}, {"PullPolicy:", plain, "pullPolicy"}}}},
    Source{"glusterfs",
           glusterfs_title,
           {{{"EndpointsName:", plain, "endpoints"},
             {"Path:", plain, "path"},
             {"ReadOnly:", truth, "readOnly"}}}},
    Source{"scaleIO",
           scale_io_title,
           {{{"Gateway:", plain, "gateway"},
             {"System:", plain, "system"},
             {"Protection Domain:", plain, "protectionDomain"},
             {"Storage Pool:", plain, "storagePool"},
             {"Storage Mode:", plain, "storageMode"},
             {"VolumeName:", plain, "volumeName"},
             {"FSType:", plain, "fsType"},
             {"ReadOnly:", truth, "readOnly"}}}},
    Source{"azureFile",
           azure_file_title,
           {{{"SecretName:", plain, "secretName"},
             {"ShareName:", plain, "shareName"},
             {"ReadOnly:", truth, "readOnly"}}}},
};

constexpr std::array of_persistent_volumes{
    Source{"local",
           "LocalVolume (a persistent volume backed by local storage on a node)",
           {{{"Path:", plain, "path"}}}},
    Source{"csi",
           csi_title,
           {{{"Driver:", plain, "driver"},
             {"FSType:", plain, "fsType"},
             {"VolumeHandle:", plain, "volumeHandle"},
             {"ReadOnly:", truth, "readOnly"}}},
           attributes},
    Source{"glusterfs",
           glusterfs_title,
           {{{"EndpointsName:", plain, "endpoints"},
             {"EndpointsNamespace:", set_or_unset, "endpointsNamespace"},
             {"Path:", plain, "path"},
             {"ReadOnly:", truth, "readOnly"}}}},
    Source{"scaleIO",
           scale_io_title,
           {{{"Gateway:", plain, "gateway"},
             {"System:", plain, "system"},
             {"Protection Domain:", plain, "protectionDomain"},
             {"Storage Pool:", plain, "storagePool"},
             {"Storage Mode:", plain, "storageMode"},
             {"VolumeName:", plain, "volumeName"},
             {"SecretName:", plain, "secretRef.name"},
             {"SecretNamespace:", plain, "secretRef.namespace"},
             {"FSType:", plain, "fsType"},
             {"ReadOnly:", truth, "readOnly"}}}},
    Source{"azureFile",
           azure_file_title,
           {{{"SecretName:", plain, "secretName"},
             {"SecretNamespace:", plain, "secretNamespace"},
             {"ShareName:", plain, "shareName"},
             {"ReadOnly:", truth, "readOnly"}}}},
};

/// Image volumes have no words of their own before 1.32.
constexpr std::uint8_t images_since = 32;

/// `subject`: the pod's; a PersistentVolume has none.
void print(const Subject* subject, Writer& out, const Value& holder, std::span<const Source> own) {
    for (const auto sources : {own, std::span<const Source>(common)}) {
        for (const auto& source : sources) {
            const auto* found = holder.find(source.member);
            if (!found || !found->is_object()) continue;
            if (source.member == "image" && subject && subject->release < images_since) continue;
            out.write(2, "Type:\t{}\n", source.title);
            for (const auto& row : source.rows) {
                if (!row.cell) continue;
                const bool is_far = !subject && row.cell == reference;
                const auto cell = is_far ? far_reference : row.cell;
                out.write(2, "{}\t{}\n", row.label, cell(*found, row.path));
            }
            if (source.more) source.more(subject, out, *found);
            return;
        }
    }
    out.write(1, "<unknown>\n");
}

}  // namespace

void volumes(const Subject& subject, Writer& out, const Value& pod_spec, std::string_view indent) {
    const auto all = items_at(pod_spec, "volumes");
    if (all.empty()) return out.write(0, "{}Volumes:\t<none>\n", indent);
    out.write(0, "{}Volumes:\n", indent);
    for (const auto& volume : all) {
        out.write(1, "{}{}:\n", indent.empty() ? "" : " ", volume.text("name"));
        print(&subject, out, volume, of_pods);
    }
}

void volume_source(const Value& volume_spec, Writer& out) {
    print(nullptr, out, volume_spec, of_persistent_volumes);
}

}  // namespace salvor::describe
