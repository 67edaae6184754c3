#include <array>

#include "core/verify/reference/referrer.hpp"
#include "core/verify/rules.hpp"
#include "formats/kube/fields.hpp"
#include "formats/text/escape.hpp"

namespace salvor::verify {
namespace {

constexpr Rule pod_node{"pod-node",
                        Layer::reference,
                        Severity::warning,
                        "the node that a pod runs on is there",
                        "the pod's garbage collector deletes it in the first minutes after the "
                        "restore, and its controller makes another; a pod without a controller is "
                        "lost: export it first",
                        Subject::cluster};
constexpr Rule pod_account{"pod-account",
                           Layer::reference,
                           Severity::warning,
                           "the service account that a pod runs as is there",
                           "the pod cannot start again, and its token is refused: make the "
                           "ServiceAccount",
                           Subject::cluster};
constexpr Rule pod_source{"pod-source",
                          Layer::reference,
                          Severity::warning,
                          "the Secrets and ConfigMaps that a pod cannot do without are there",
                          "the pod's containers do not start again: make what is missing",
                          Subject::cluster};
constexpr Rule pod_claim{"pod-claim",
                         Layer::reference,
                         Severity::warning,
                         "the claims that a pod mounts are there",
                         "the pod does not start again: make the PersistentVolumeClaim",
                         Subject::cluster};
constexpr Rule pod_class{"pod-runtime-class",
                         Layer::reference,
                         Severity::warning,
                         "the runtime class of a pod is there",
                         "the pod does not start again: make the RuntimeClass",
                         Subject::cluster};
constexpr Rule pod_priority{"pod-priority-class",
                            Layer::reference,
                            Severity::note,
                            "the priority class of a pod is there",
                            "the pod keeps its number; its controller cannot make another: make "
                            "the PriorityClass",
                            Subject::cluster};
constexpr std::array table{pod_node, pod_account, pod_source, pod_claim, pod_class, pod_priority};

// Fields of PodSpec, and those of its parts where they are used.
// Source: api core/v1/generated.proto
enum SpecField {
    volumes = 1,
    containers = 2,
    service_account_name = 8,
    node_name = 10,
    init_containers = 20,
    priority_class_name = 24,
    runtime_class_name = 29,
};

/// One pod's references, each looked at as it passes.
class Pod {
 public:
    explicit Pod(const Referrer& referrer) : referrer_(referrer) {}

    void spec(Bytes message) const {
        kube::each_field(message, [&](auto number, const kube::FieldValue& value) {
            switch (number) {
                case volumes: return volume(kube::bytes_at(value.bytes, {2 /* volumeSource */}));
                case containers:
                case init_containers: return container(value.bytes);
                case service_account_name:
                    return needs(pod_account, "ServiceAccount", "serviceaccounts", value.bytes);
                case node_name: return node(value.bytes);
                case priority_class_name: return priority(value.bytes);
                case runtime_class_name:
                    return needs_of_cluster(pod_class, "RuntimeClass", "runtimeclasses",
                                            value.bytes);
                default: return;
            }
        });
    }

 private:
    void missing(const Rule& rule, const char* kind, Bytes space, Bytes name) const {
        referrer_.say(rule, [&] { return named(kind, space, name) + " is not there"; });
    }
    void needs(const Rule& rule, const char* kind, Bytes place, Bytes name) const {
        const auto space = referrer_.namespace_name();
        if (!name.empty() && !referrer_.lookup.find(place, space, name))
            missing(rule, kind, space, name);
    }
    void needs_of_cluster(const Rule& rule, const char* kind, Bytes place, Bytes name) const {
        if (!name.empty() && !referrer_.lookup.find(place, {}, name)) missing(rule, kind, {}, name);
    }
    void priority(Bytes name) const {
        // The apiserver makes its own, system-node-critical and another, whenever it starts.
        if (!name.starts_with("system-"))
            needs_of_cluster(pod_priority, "PriorityClass", "priorityclasses", name);
    }
    void node(Bytes name) const { needs_of_cluster(pod_node, "Node", "minions", name); }

    /// A source of keys or files, which says by itself whether it may be absent.
    void source(const char* kind, Bytes place, Bytes name, Bytes message, int optional) const {
        const auto may_be_absent =
            kube::field_at(message, {static_cast<protozero::pbf_tag_type>(optional)});
        if (!may_be_absent || may_be_absent->number == 0) needs(pod_source, kind, place, name);
    }
    void secret(Bytes message, int optional) const {
        source("Secret", "secrets", kube::bytes_at(message, {1, 1}), message, optional);
    }
    void config_map(Bytes message, int optional) const {
        source("ConfigMap", "configmaps", kube::bytes_at(message, {1, 1}), message, optional);
    }

    void volume(Bytes volume_source) const {
        kube::each_field(volume_source, [&](auto number, const kube::FieldValue& value) {
            switch (number) {
                case 6:  // secret: secretName, items, defaultMode, optional
                    return source("Secret", "secrets", kube::bytes_at(value.bytes, {1}),
                                  value.bytes, 4);
                case 10:  // persistentVolumeClaim: claimName
                    return needs(pod_claim, "PersistentVolumeClaim", "persistentvolumeclaims",
                                 kube::bytes_at(value.bytes, {1}));
                case 19: return config_map(value.bytes, 4);
                case 26: return projected(value.bytes);
                default: return;
            }
        });
    }
    /// sources: secret, downwardAPI, configMap, serviceAccountToken
    void projected(Bytes message) const {
        kube::each_field(message, 1, [&](const kube::FieldValue& each) {
            kube::each_field(each.bytes, [&](auto number, const kube::FieldValue& value) {
                if (number == 1) secret(value.bytes, 4);
                if (number == 3) config_map(value.bytes, 4);
            });
        });
    }
    void container(Bytes message) const {
        kube::each_field(message, [&](auto number, const kube::FieldValue& value) {
            if (number == 7) {  // env: name, value, valueFrom
                const auto from = kube::bytes_at(value.bytes, {3});
                if (const auto key = kube::bytes_at(from, {3}); !key.empty()) config_map(key, 3);
                if (const auto key = kube::bytes_at(from, {4}); !key.empty()) secret(key, 3);
            } else if (number == 19) {  // envFrom: prefix, configMapRef, secretRef
                if (const auto all = kube::bytes_at(value.bytes, {2}); !all.empty())
                    config_map(all, 2);
                if (const auto all = kube::bytes_at(value.bytes, {3}); !all.empty()) secret(all, 2);
            }
        });
    }

    const Referrer& referrer_;
};

}  // namespace

RuleRows pod_rules() {
    return table;
}

void check_pod(const Referrer& referrer) {
    referrer.tallies.pods.push_back(referrer.object.position);
    const auto phase = kube::bytes_at(referrer.message(), {3 /* status */, 1});
    if (phase == "Succeeded" || phase == "Failed") return;
    Pod(referrer).spec(kube::bytes_at(referrer.message(), {2 /* spec */}));
}

}  // namespace salvor::verify
