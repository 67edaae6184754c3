#include <array>

#include "core/verify/reference/referrer.hpp"
#include "core/verify/rules.hpp"
#include "formats/kube/fields.hpp"

namespace salvor::verify {
namespace {

constexpr Rule role_absent{"role-absent",
                           Layer::reference,
                           Severity::warning,
                           "the role that a binding grants is there",
                           "the binding grants nothing, and whoever makes a role of that name "
                           "later decides what it grants: make the role, or delete the binding",
                           Subject::cluster};
constexpr Rule subject_absent{"subject-absent",
                              Layer::reference,
                              Severity::note,
                              "the service accounts that a binding grants to are there",
                              "whoever makes an account of that name gets the role: delete the "
                              "subject where it is not meant",
                              Subject::cluster};
constexpr std::array table{role_absent, subject_absent};

// Fields of RoleBinding and ClusterRoleBinding.
constexpr int subjects = 2, role_ref = 3, labels = 11;

/// What the apiserver binds for its controllers, whose accounts are made when they run.
bool is_bootstrapped(const Referrer& referrer) {
    return kube::entry_of(kube::bytes_at(referrer.message(), {1}), labels,
                          "kubernetes.io/bootstrapping") == "rbac-defaults";
}

}  // namespace

RuleRows role_rules() {
    return table;
}

void check_binding(const Referrer& referrer) {
    const auto role = kube::bytes_at(referrer.message(), {role_ref});
    const bool is_cluster_role = kube::bytes_at(role, {2}) == "ClusterRole";
    const auto name = kube::bytes_at(role, {3});
    const auto home = is_cluster_role ? Bytes{} : referrer.namespace_name();
    if (!referrer.lookup.find(is_cluster_role ? "clusterroles" : "roles", home, name)) {
        referrer.say(role_absent, [&] {
            return named(is_cluster_role ? "ClusterRole" : "Role", home, name) + " is not there";
        });
    }
    if (is_bootstrapped(referrer)) return;
    kube::each_field(referrer.message(), subjects, [&](const kube::FieldValue& subject) {
        if (kube::bytes_at(subject.bytes, {1}) != "ServiceAccount") return;
        const auto account = kube::bytes_at(subject.bytes, {3});
        auto space = kube::bytes_at(subject.bytes, {4});
        if (space.empty()) space = referrer.namespace_name();
        if (referrer.lookup.find("serviceaccounts", space, account)) return;
        referrer.say(subject_absent,
                     [&] { return named("ServiceAccount", space, account) + " is not there"; });
    });
}

}  // namespace salvor::verify
