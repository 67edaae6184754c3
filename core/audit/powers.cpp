#include "core/audit/powers.hpp"

#include <algorithm>
#include <array>

namespace salvor::audit {
namespace {

constexpr std::string_view rbac = "rbac.authorization.k8s.io";
constexpr std::string_view certificates = "certificates.k8s.io";
constexpr std::string_view admission = "admissionregistration.k8s.io";

constexpr std::array table{
    Power{"everything", "do everything"},
    Power{"readSecrets", "read Secrets"},
    Power{"impersonate", "act as somebody else"},
    Power{"escalate", "give more rights than they have"},
    Power{"writeBindings", "bind roles that they have"},
    Power{"makeTokens", "make tokens of service accounts"},
    Power{"runPods", "run pods: as any service account of the namespace, with its Secrets"},
    Power{"enterPods", "enter running pods"},
    Power{"reachNodes", "reach kubelets, and by them every pod of a node"},
    Power{"signCertificates", "have certificates signed, of any user"},
    Power{"writeWebhooks", "see and change what others write"},
    Power{"writeVolumes", "make volumes, of a node's files too"},
};

/// One of several requests that each give a power. `verbs` and `resources`: words with blanks
/// between.
struct Way {
    std::string_view power, verbs, group, resources;
};
constexpr std::array ways{
    Way{"everything", "*", "*", "*"},
    Way{"readSecrets", "get list watch", "", "secrets"},
    Way{"impersonate", "impersonate", "", "users groups serviceaccounts"},
    Way{"escalate", "escalate bind", rbac, "roles clusterroles"},
    Way{"writeBindings", "create update patch", rbac, "rolebindings clusterrolebindings"},
    Way{"makeTokens", "create", "", "serviceaccounts/token"},
    Way{"runPods", "create", "", "pods replicationcontrollers"},
    Way{"runPods", "create", "apps", "deployments daemonsets statefulsets replicasets"},
    Way{"runPods", "create", "batch", "jobs cronjobs"},
    Way{"enterPods", "create get", "", "pods/exec pods/attach"},
    Way{"enterPods", "update patch", "", "pods/ephemeralcontainers"},
    Way{"reachNodes", "create get", "", "nodes/proxy"},
    Way{"signCertificates", "update patch", certificates, "certificatesigningrequests/approval"},
    Way{"writeWebhooks", "create update patch", admission,
        "mutatingwebhookconfigurations validatingwebhookconfigurations "
        "mutatingadmissionpolicies"},
    Way{"writeVolumes", "create", "", "persistentvolumes"},
};

template <class Each>
void each_word(std::string_view words, Each&& each) {
    while (!words.empty()) {
        const auto end = std::min(words.find(' '), words.size());
        each(words.substr(0, end));
        words.remove_prefix(std::min(end + 1, words.size()));
    }
}

/// Resources of the cluster, which a RoleBinding cannot give.
bool is_of_cluster(std::string_view resource) {
    constexpr std::array of_cluster{"users",
                                    "groups",
                                    "clusterroles",
                                    "clusterrolebindings",
                                    "nodes/proxy",
                                    "certificatesigningrequests/approval",
                                    "mutatingwebhookconfigurations",
                                    "validatingwebhookconfigurations",
                                    "mutatingadmissionpolicies",
                                    "persistentvolumes"};
    return std::find(of_cluster.begin(), of_cluster.end(), resource) != of_cluster.end();
}

bool gives(const Grant& grant, const Way& way) {
    bool any = false;
    each_word(way.resources, [&](std::string_view resource) {
        if (!grant.namespace_name().empty() && is_of_cluster(resource)) return;
        const auto slash = std::min(resource.find('/'), resource.size());
        each_word(way.verbs, [&](std::string_view verb) {
            Request request;
            request.verb = verb;
            request.group = way.group;
            request.resource = resource.substr(0, slash);
            request.subresource = resource.substr(std::min(slash + 1, resource.size()));
            any = any || allows(*grant.rule, request, Names::any);
        });
    });
    return any;
}

bool is_own(const Grant& grant) {
    const auto& subject = *grant.subject;
    if (!grant.binding->is_default) return false;
    return subject.kind == Subject::Kind::service_account ? subject.namespace_name == "kube-system"
                                                          : subject.name.starts_with("system:");
}

bool is_told(const std::vector<PowerHeld>& held, const Grant& grant, const Power& power) {
    return std::any_of(held.begin(), held.end(), [&](const PowerHeld& each) {
        const bool covers = each.power == &power || each.power == &table[0];
        return covers && each.grant.binding == grant.binding &&
               *each.grant.subject == *grant.subject;
    });
}

}  // namespace

std::span<const Power> powers() {
    return table;
}

std::vector<PowerHeld> powers_held(const Rights& rights, Whose whose) {
    std::vector<PowerHeld> held;
    for (const auto& way : ways) {
        const auto& power = *std::find_if(
            table.begin(), table.end(), [&](const Power& each) { return each.name == way.power; });
        rights.each_grant([&](const Grant& grant) {
            if (whose == Whose::not_own && is_own(grant)) return;
            if (gives(grant, way) && !is_told(held, grant, power)) held.push_back({&power, grant});
        });
    }
    return held;
}

}  // namespace salvor::audit
