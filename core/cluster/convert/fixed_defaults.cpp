#include "core/cluster/convert/defaults.hpp"

namespace salvor::convert {
namespace {

Value text(Bytes value) {
    return Value::of(value);
}
Value count(std::int64_t value) {
    return Value::of(value);
}
Value truth(bool value) {
    return Value::of(value);
}

void add_pods(std::vector<FixedDefault>& all) {
    const auto add = [&](Bytes message, Bytes field, Value value, std::uint8_t since = 0) {
        all.push_back({message, field, std::move(value), since});
    };
    add("core.v1.PodSpec", "dnsPolicy", text("ClusterFirst"));
    add("core.v1.PodSpec", "restartPolicy", text("Always"));
    add("core.v1.PodSpec", "schedulerName", text("default-scheduler"));
    add("core.v1.PodSpec", "securityContext", Value::object());
    add("core.v1.PodSpec", "terminationGracePeriodSeconds", count(30));
    for (const Bytes container : {"core.v1.Container", "core.v1.EphemeralContainer"}) {
        const std::uint8_t since = container == "core.v1.Container" ? 0 : 20;
        add(container, "terminationMessagePath", text("/dev/termination-log"), since);
        add(container, "terminationMessagePolicy", text("File"), since);
    }
    add("core.v1.ContainerPort", "protocol", text("TCP"));
    add("core.v1.Probe", "timeoutSeconds", count(1));
    add("core.v1.Probe", "periodSeconds", count(10));
    add("core.v1.Probe", "successThreshold", count(1));
    add("core.v1.Probe", "failureThreshold", count(3));
    add("core.v1.HTTPGetAction", "path", text("/"));
    add("core.v1.HTTPGetAction", "scheme", text("HTTP"));
    add("core.v1.GRPCAction", "service", text(""));
    add("core.v1.ObjectFieldSelector", "apiVersion", text("v1"));
    add("core.v1.FileKeySelector", "optional", truth(false));
}

void add_volumes(std::vector<FixedDefault>& all) {
    const auto add = [&](Bytes message, Bytes field, Value value) {
        all.push_back({message, field, std::move(value)});
    };
    constexpr std::int64_t mode = 0644;
    add("core.v1.SecretVolumeSource", "defaultMode", count(mode));
    add("core.v1.ConfigMapVolumeSource", "defaultMode", count(mode));
    add("core.v1.DownwardAPIVolumeSource", "defaultMode", count(mode));
    add("core.v1.ProjectedVolumeSource", "defaultMode", count(mode));
    add("core.v1.ServiceAccountTokenProjection", "expirationSeconds", count(3600));
    add("core.v1.HostPathVolumeSource", "type", text(""));
    for (const Bytes source : {"core.v1.ISCSIVolumeSource", "core.v1.ISCSIPersistentVolumeSource"})
        add(source, "iscsiInterface", text("default"));
    for (const Bytes source : {"core.v1.RBDVolumeSource", "core.v1.RBDPersistentVolumeSource"}) {
        add(source, "pool", text("rbd"));
        add(source, "user", text("admin"));
        add(source, "keyring", text("/etc/ceph/keyring"));
    }
    add("core.v1.AzureDiskVolumeSource", "cachingMode", text("ReadWrite"));
    add("core.v1.AzureDiskVolumeSource", "kind", text("Shared"));
    add("core.v1.AzureDiskVolumeSource", "fsType", text("ext4"));
    add("core.v1.AzureDiskVolumeSource", "readOnly", truth(false));
    for (const Bytes source :
         {"core.v1.ScaleIOVolumeSource", "core.v1.ScaleIOPersistentVolumeSource"}) {
        add(source, "storageMode", text("ThinProvisioned"));
        add(source, "fsType", text("xfs"));
    }
    add("core.v1.PersistentVolumeClaimSpec", "volumeMode", text("Filesystem"));
    add("core.v1.PersistentVolumeClaimStatus", "phase", text("Pending"));
}

void add_core(std::vector<FixedDefault>& all) {
    const auto add = [&](Bytes message, Bytes field, Value value) {
        all.push_back({message, field, std::move(value)});
    };
    add("core.v1.NamespaceStatus", "phase", text("Active"));
    add("core.v1.Secret", "type", text("Opaque"));
    add("core.v1.EndpointPort", "protocol", text("TCP"));
    add("core.v1.ReplicationControllerSpec", "replicas", count(1));
    for (const Bytes port : {"discovery.v1.EndpointPort", "discovery.v1beta1.EndpointPort",
                             "discovery.v1alpha1.EndpointPort"}) {
        add(port, "name", text(""));
        add(port, "protocol", text("TCP"));
    }
    all.push_back({"discovery.v1alpha1.EndpointSlice", "addressType", text("IP"), 0, 16});
    add("networking.v1.NetworkPolicyPort", "protocol", text("TCP"));
    for (const Bytes path :
         {"networking.v1beta1.HTTPIngressPath", "extensions.v1beta1.HTTPIngressPath"})
        add(path, "pathType", text("ImplementationSpecific"));
    all.push_back({"networking.v1.IngressClassParametersReference", "scope", text("Cluster"), 22});
    for (const Bytes group : {"rbac.v1.RoleRef", "rbac.v1beta1.RoleRef", "rbac.v1alpha1.RoleRef"})
        add(group, "apiGroup", text("rbac.authorization.k8s.io"));
}

void add_storage(std::vector<FixedDefault>& all) {
    for (const Bytes driver : {"storage.v1.CSIDriverSpec", "storage.v1beta1.CSIDriverSpec"}) {
        const auto add = [&](Bytes field, Value value, std::uint8_t since) {
            all.push_back({driver, field, std::move(value), since});
        };
        add("attachRequired", truth(true), 0);
        add("podInfoOnMount", truth(false), 0);
        add("storageCapacity", truth(false), 21);
        add("fsGroupPolicy", text("ReadWriteOnceWithFSType"), 20);
        add("volumeLifecycleModes", list_of({text("Persistent")}), 0);
        add("requiresRepublish", truth(false), 21);
        add("seLinuxMount", truth(false), 28);
    }
    for (const Bytes storage : {"storage.v1.StorageClass", "storage.v1beta1.StorageClass"}) {
        all.push_back({storage, "reclaimPolicy", text("Delete")});
        all.push_back({storage, "volumeBindingMode", text("Immediate")});
    }
    for (const Bytes priority : {"scheduling.v1.PriorityClass", "scheduling.v1beta1.PriorityClass",
                                 "scheduling.v1alpha1.PriorityClass"})
        all.push_back({priority, "preemptionPolicy", text("PreemptLowerPriority"), 19});
}

void add_batch(std::vector<FixedDefault>& all) {
    for (const Bytes job :
         {"batch.v1.CronJobSpec", "batch.v1beta1.CronJobSpec", "batch.v2alpha1.CronJobSpec"}) {
        all.push_back({job, "concurrencyPolicy", text("Allow")});
        all.push_back({job, "suspend", truth(false)});
        const std::uint8_t since = job == "batch.v2alpha1.CronJobSpec" ? 0xFF : 0;
        all.push_back({job, "successfulJobsHistoryLimit", count(3), since});
        all.push_back({job, "failedJobsHistoryLimit", count(1), since});
    }
    all.push_back({"batch.v1.PodFailurePolicyOnPodConditionsPattern", "status", text("True")});
    for (const Bytes scaler : {"autoscaling.v1.HorizontalPodAutoscalerSpec",
                               "autoscaling.v2.HorizontalPodAutoscalerSpec",
                               "autoscaling.v2beta1.HorizontalPodAutoscalerSpec"})
        all.push_back({scaler, "minReplicas", count(1)});
    all.push_back({"autoscaling.v2beta2.HorizontalPodAutoscalerSpec", "minReplicas", count(1), 18});
}

void add_flow_control(std::vector<FixedDefault>& all) {
    const auto each = [&](std::initializer_list<Bytes> messages, Bytes field, std::int64_t value) {
        for (const auto message : messages) all.push_back({message, field, count(value)});
    };
    each({"flowcontrol.v1.FlowSchemaSpec", "flowcontrol.v1beta3.FlowSchemaSpec",
          "flowcontrol.v1beta2.FlowSchemaSpec", "flowcontrol.v1beta1.FlowSchemaSpec",
          "flowcontrol.v1alpha1.FlowSchemaSpec"},
         "matchingPrecedence", 1000);
    const auto queuing = {Bytes("flowcontrol.v1.QueuingConfiguration"),
                          Bytes("flowcontrol.v1beta3.QueuingConfiguration"),
                          Bytes("flowcontrol.v1beta2.QueuingConfiguration"),
                          Bytes("flowcontrol.v1beta1.QueuingConfiguration"),
                          Bytes("flowcontrol.v1alpha1.QueuingConfiguration")};
    each(queuing, "handSize", 8);
    each(queuing, "queues", 64);
    each(queuing, "queueLengthLimit", 50);
    each({"flowcontrol.v1beta2.LimitedPriorityLevelConfiguration",
          "flowcontrol.v1beta1.LimitedPriorityLevelConfiguration",
          "flowcontrol.v1alpha1.LimitedPriorityLevelConfiguration"},
         "assuredConcurrencyShares", 30);
    each({"flowcontrol.v1.LimitedPriorityLevelConfiguration"}, "nominalConcurrencyShares", 30);
    each({"flowcontrol.v1.LimitedPriorityLevelConfiguration",
          "flowcontrol.v1beta3.LimitedPriorityLevelConfiguration",
          "flowcontrol.v1beta2.LimitedPriorityLevelConfiguration",
          "flowcontrol.v1beta1.LimitedPriorityLevelConfiguration",
          "flowcontrol.v1alpha1.LimitedPriorityLevelConfiguration"},
         "lendablePercent", 0);
    for (const Bytes field : {"nominalConcurrencyShares", "lendablePercent"})
        each({"flowcontrol.v1.ExemptPriorityLevelConfiguration",
              "flowcontrol.v1beta3.ExemptPriorityLevelConfiguration",
              "flowcontrol.v1beta2.ExemptPriorityLevelConfiguration",
              "flowcontrol.v1beta1.ExemptPriorityLevelConfiguration",
              "flowcontrol.v1alpha1.ExemptPriorityLevelConfiguration"},
             field, 0);
}

void add_admission(std::vector<FixedDefault>& all) {
    const auto each = [&](std::initializer_list<Bytes> messages, Bytes field, const Value& value) {
        for (const auto message : messages) all.push_back({message, field, value});
    };
    const auto hooks_1 = {Bytes("admissionregistration.v1.ValidatingWebhook"),
                          Bytes("admissionregistration.v1.MutatingWebhook")};
    const auto hooks_beta = {Bytes("admissionregistration.v1beta1.ValidatingWebhook"),
                             Bytes("admissionregistration.v1beta1.MutatingWebhook")};
    each(hooks_1, "failurePolicy", text("Fail"));
    each(hooks_1, "matchPolicy", text("Equivalent"));
    each(hooks_1, "timeoutSeconds", count(10));
    each(hooks_beta, "failurePolicy", text("Ignore"));
    each(hooks_beta, "matchPolicy", text("Exact"));
    each(hooks_beta, "timeoutSeconds", count(30));
    each(hooks_beta, "sideEffects", text("Unknown"));
    each(hooks_beta, "admissionReviewVersions", list_of({text("v1beta1")}));
    const auto resources = {Bytes("admissionregistration.v1.MatchResources"),
                            Bytes("admissionregistration.v1beta1.MatchResources"),
                            Bytes("admissionregistration.v1alpha1.MatchResources")};
    each(resources, "matchPolicy", text("Equivalent"));
    for (const auto& selected : {hooks_1, hooks_beta}) {
        each(selected, "namespaceSelector", Value::object());
        each(selected, "objectSelector", Value::object());
    }
    each(resources, "namespaceSelector", Value::object());
    each(resources, "objectSelector", Value::object());
    each({"admissionregistration.v1.MutatingWebhook",
          "admissionregistration.v1beta1.MutatingWebhook"},
         "reinvocationPolicy", text("Never"));
    each({"admissionregistration.v1.ServiceReference",
          "admissionregistration.v1beta1.ServiceReference",
          "auditregistration.v1alpha1.ServiceReference"},
         "port", count(443));
    each({"auditregistration.v1alpha1.Webhook"}, "throttle", Value::object());
    each({"auditregistration.v1alpha1.WebhookThrottleConfig"}, "qps", count(10));
    each({"auditregistration.v1alpha1.WebhookThrottleConfig"}, "burst", count(15));
    each({"admissionregistration.v1.ValidatingAdmissionPolicySpec",
          "admissionregistration.v1beta1.ValidatingAdmissionPolicySpec",
          "admissionregistration.v1alpha1.ValidatingAdmissionPolicySpec",
          "admissionregistration.v1.MutatingAdmissionPolicySpec",
          "admissionregistration.v1beta1.MutatingAdmissionPolicySpec",
          "admissionregistration.v1alpha1.MutatingAdmissionPolicySpec"},
         "failurePolicy", text("Fail"));
    each({"admissionregistration.v1alpha1.ParamRef"}, "parameterNotFoundAction", text("Deny"));
    // Inline in RuleWithOperations, and that in NamedRuleWithOperations.
    each({"admissionregistration.v1.RuleWithOperations",
          "admissionregistration.v1beta1.RuleWithOperations",
          "admissionregistration.v1.NamedRuleWithOperations",
          "admissionregistration.v1beta1.NamedRuleWithOperations",
          "admissionregistration.v1alpha1.NamedRuleWithOperations"},
         "scope", text("*"));
}

void add_devices(std::vector<FixedDefault>& all) {
    for (const Bytes toleration :
         {"resource.v1.DeviceToleration", "resource.v1beta2.DeviceToleration",
          "resource.v1beta1.DeviceToleration", "resource.v1alpha3.DeviceToleration"})
        all.push_back({toleration, "operator", text("Equal")});
    all.push_back({"resource.v1alpha3.ResourcePoolStatusRequestSpec", "limit", count(100)});
    all.push_back({"scheduling.v1alpha2.PodGroupSpec", "disruptionMode", text("Pod")});
    for (const Bytes request : {"certificates.v1beta1.PodCertificateRequestSpec",
                                "certificates.v1alpha1.PodCertificateRequestSpec"})
        all.push_back({request, "maxExpirationSeconds", count(86400)});
    all.push_back(
        {"resource.v1alpha2.ResourceClaimSpec", "allocationMode", text("WaitForFirstConsumer")});
    all.push_back(
        {"certificates.v1beta1.CertificateSigningRequestCondition", "status", text("True")});
    for (const Bytes policy :
         {"policy.v1beta1.PodSecurityPolicySpec", "extensions.v1beta1.PodSecurityPolicySpec"})
        all.push_back({policy, "allowPrivilegeEscalation", truth(true)});
}

}  // namespace

std::vector<FixedDefault> fixed_defaults() {
    std::vector<FixedDefault> all;
    add_pods(all);
    add_volumes(all);
    add_core(all);
    add_storage(all);
    add_batch(all);
    add_flow_control(all);
    add_admission(all);
    add_devices(all);
    return all;
}

}  // namespace salvor::convert
