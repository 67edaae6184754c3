#include <array>

#include "core/verify/reference/referrer.hpp"
#include "core/verify/rules.hpp"
#include "formats/kube/fields.hpp"
#include "formats/text/escape.hpp"

namespace salvor::verify {
namespace {

// Source: kubernetes pkg/controller/volume/persistentvolume/pv_controller.go

constexpr Rule claim_lost{"claim-lost",
                          Layer::reference,
                          Severity::warning,
                          "the volume that a claim is bound to is there and bound to it",
                          "the controller calls the claim Lost: bring the PersistentVolume back "
                          "with its claimRef before the controllers start",
                          Subject::cluster};
constexpr Rule volume_deleted{
    "volume-deleted",
    Layer::reference,
    Severity::warning,
    "a volume that is deleted when it is released has its claim",
    "the restored cluster deletes the disk behind it, data and all: set "
    "persistentVolumeReclaimPolicy to Retain before its controllers start, or the claim was made "
    "after the backup and is lost with the disk",
    Subject::cluster};
constexpr Rule volume_released{
    "volume-released",
    Layer::reference,
    Severity::note,
    "a volume that is retained has its claim",
    "the volume becomes Released and is kept; nothing binds it until its "
    "claimRef is taken away",
    Subject::cluster};
constexpr Rule claim_class{"claim-class",
                           Layer::reference,
                           Severity::note,
                           "the storage class of a claim without a volume is there",
                           "the claim stays Pending",
                           Subject::cluster};
constexpr Rule volume_class{"volume-class",
                            Layer::reference,
                            Severity::note,
                            "the storage class of a volume is there",
                            "the volume is bound and mounted all the same; it cannot be made "
                            "larger: make the StorageClass",
                            Subject::cluster};
constexpr Rule attachment_target{
    "attachment-target",
    Layer::reference,
    Severity::warning,
    "the volume and the node of a VolumeAttachment are there",
    "the volume stays attached as far as the cluster knows, and pods elsewhere wait for it: delete "
    "the VolumeAttachment once the disk is known to be free",
    Subject::cluster};
constexpr Rule csi_node{"csinode-node",
                        Layer::reference,
                        Severity::note,
                        "the node of a CSINode is there",
                        "it is left over, and the garbage collector deletes it if its owner is the "
                        "Node; a kubelet makes its own again",
                        Subject::cluster};
constexpr std::array table{claim_lost,   volume_deleted,    volume_released, claim_class,
                           volume_class, attachment_target, csi_node};

// Fields of PersistentVolumeSpec, PersistentVolumeClaimSpec and VolumeAttachmentSpec.
constexpr int volume_claim_ref = 4, volume_policy = 5, volume_storage_class = 6;
constexpr int claim_volume_name = 3, claim_storage_class = 5;
constexpr Bytes bind_completed = "pv.kubernetes.io/bind-completed";

/// ObjectReference: namespace, name, uid.
struct Reference {
    Bytes namespace_name, name, uid;
};
Reference read_reference(Bytes message) {
    return {kube::bytes_at(message, {2}), kube::bytes_at(message, {3}),
            kube::bytes_at(message, {4})};
}

void check_bound_claim(const Referrer& referrer, Bytes volume) {
    const auto target = referrer.lookup.find("persistentvolumes", {}, volume);
    if (!target) {
        return referrer.say(
            claim_lost, [&] { return named("PersistentVolume", {}, volume) + " is not there"; });
    }
    const auto message = referrer.lookup.message_of(target);
    if (message.empty()) return;  // it may be encrypted
    const auto claim = read_reference(kube::bytes_at(message, {2, volume_claim_ref}));
    const bool is_this = claim.namespace_name == referrer.namespace_name() &&
                         claim.name == referrer.name() &&
                         (claim.uid.empty() || claim.uid == referrer.checked.identity.uid);
    if (is_this) return;
    referrer.say(claim_lost, [&] {
        return fmt::format(
            "{} is bound to {}", named("PersistentVolume", {}, volume),
            claim.name.empty() ? "nothing" : named("claim", claim.namespace_name, claim.name));
    });
}

}  // namespace

RuleRows volume_rules() {
    return table;
}

void check_claim(const Referrer& referrer) {
    const auto spec = kube::bytes_at(referrer.message(), {2});
    const auto volume = kube::bytes_at(spec, {claim_volume_name});
    if (!volume.empty()) {
        const auto metadata = kube::bytes_at(referrer.message(), {1});
        if (kube::entry_of(metadata, 12 /* annotations */, bind_completed))
            check_bound_claim(referrer, volume);
        return;
    }
    const auto storage_class = kube::bytes_at(spec, {claim_storage_class});
    if (storage_class.empty() || referrer.lookup.find("storageclasses", {}, storage_class)) return;
    referrer.say(claim_class,
                 [&] { return named("StorageClass", {}, storage_class) + " is not there"; });
}

void check_volume(const Referrer& referrer) {
    const auto spec = kube::bytes_at(referrer.message(), {2});
    const auto storage_class = kube::bytes_at(spec, {volume_storage_class});
    if (!storage_class.empty() && !referrer.lookup.find("storageclasses", {}, storage_class)) {
        referrer.say(volume_class,
                     [&] { return named("StorageClass", {}, storage_class) + " is not there"; });
    }
    const auto claim = read_reference(kube::bytes_at(spec, {volume_claim_ref}));
    if (claim.uid.empty()) return;  // bound beforehand: it waits for its claim
    const auto target =
        referrer.lookup.find("persistentvolumeclaims", claim.namespace_name, claim.name);
    const auto uid = target ? referrer.lookup.uid_of(target) : std::nullopt;
    if (target && (!uid || *uid == claim.uid)) return;
    const bool is_deleted = kube::bytes_at(spec, {volume_policy}) == "Delete";
    referrer.say(is_deleted ? volume_deleted : volume_released, [&] {
        return fmt::format("its claim {} {}",
                           named("PersistentVolumeClaim", claim.namespace_name, claim.name),
                           not_the_one(target.is_there));
    });
}

void check_attachment(const Referrer& referrer) {
    // VolumeAttachmentSpec: attacher, source {persistentVolumeName}, nodeName
    const auto volume = kube::bytes_at(referrer.message(), {2, 2, 1});
    const auto node = kube::bytes_at(referrer.message(), {2, 3});
    if (!volume.empty() && !referrer.lookup.find("persistentvolumes", {}, volume)) {
        referrer.say(attachment_target,
                     [&] { return named("PersistentVolume", {}, volume) + " is not there"; });
    } else if (!node.empty() && !referrer.lookup.find("minions", {}, node)) {
        referrer.say(attachment_target, [&] { return named("Node", {}, node) + " is not there"; });
    }
}

void check_csi_node(const Referrer& referrer) {
    if (referrer.lookup.find("minions", {}, referrer.name())) return;
    referrer.say(csi_node, [&] { return named("Node", {}, referrer.name()) + " is not there"; });
}

}  // namespace salvor::verify
