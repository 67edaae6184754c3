#include <fmt/format.h>

#include "core/cluster/table/cells.hpp"
#include "formats/text/human.hpp"

// Who may do what, and certificates by which somebody is known.

namespace salvor::table {
namespace {

using kube::Value;

constexpr auto wide = Width::wide;

constexpr Column role[] = {
    {"NAME", name},
    {"CREATED AT", time_at, created},
};

std::string role_of(const Subject& subject, std::string_view path) {
    const auto* reference = at(subject.object, path);
    if (!reference) return "/";
    return fmt::format("{}/{}", reference->text("kind"), reference->text("name"));
}
/// Subjects of a kind.
std::string subjects(const Subject& subject, std::string_view kind) {
    std::vector<std::string> found;
    for (const auto& one : items_at(subject.object, "subjects")) {
        if (one.text("kind") != kind) continue;
        const auto space =
            kind == "ServiceAccount" ? std::string(one.text("namespace")) + "/" : std::string{};
        found.push_back(space + std::string(one.text("name")));
    }
    return join(found, ", ");
}

constexpr Column binding[] = {
    {"NAME", name},
    {.header = "ROLE", .cell = role_of, .path = "roleRef", .since = 18},
    {"AGE", age_at, created},
    {.header = "ROLE", .cell = role_of, .path = "roleRef", .shown_from = wide, .until = 17},
    {"USERS", subjects, "User", wide},
    {"GROUPS", subjects, "Group", wide},
    {"SERVICEACCOUNTS", subjects, "ServiceAccount", wide},
};

// -- certificates.k8s.io

std::string requested_duration(const Subject& subject, std::string_view path) {
    if (!has(subject.object, path)) return "<none>";
    return text::human_duration(integer_at(subject.object, path));
}
std::string request_condition(const Subject& subject, std::string_view) {
    const auto& request = subject.object;
    std::string status = condition_of(request, "Denied")     ? "Denied"
                         : condition_of(request, "Approved") ? "Approved"
                                                             : "Pending";
    if (condition_of(request, "Failed")) status += ",Failed";
    if (!string_at(request, "status.certificate").empty()) status += ",Issued";
    return status;
}
constexpr Column signing_request[] = {
    {"NAME", name},
    {"AGE", age_at, created},
    {.header = "SIGNERNAME", .cell = text_or_none, .path = "spec.signerName", .since = 18},
    {"REQUESTOR", text_at, "spec.username"},
    {.header = "REQUESTEDDURATION",
     .cell = requested_duration,
     .path = "spec.expirationSeconds",
     .since = 22},
    {"CONDITION", request_condition},
};

constexpr Column trust_bundle[] = {
    {"NAME", name},
    {"SIGNERNAME", text_or_none, "spec.signerName"},
};

/// The last of the conditions that end a request.
std::string pod_certificate_state(const Subject& subject, std::string_view) {
    std::string_view state = "Pending";
    for (const auto& condition : items_at(subject.object, "status.conditions")) {
        const auto type = condition.text("type");
        if (type == "Issued" || type == "Denied" || type == "Failed") state = type;
    }
    return std::string(state);
}
constexpr Column pod_certificate_request[] = {
    {"NAME", name},
    {"PODNAME", text_at, "spec.podName"},
    {"SERVICEACCOUNTNAME", text_at, "spec.serviceAccountName"},
    {"NODENAME", text_at, "spec.nodeName"},
    {"SIGNERNAME", text_at, "spec.signerName"},
    {"STATE", pod_certificate_state},
    {.header = "UNVERIFIEDUSERANNOTATIONS",
     .cell = labels_at,
     .path = "spec.unverifiedUserAnnotations",
     .since = 35},
};

constexpr Kind kinds[] = {
    {"rbac.authorization.k8s.io", "Role", role},
    {"rbac.authorization.k8s.io", "ClusterRole", role},
    {"rbac.authorization.k8s.io", "RoleBinding", binding},
    {"rbac.authorization.k8s.io", "ClusterRoleBinding", binding},
    {"certificates.k8s.io", "CertificateSigningRequest", signing_request},
    {"certificates.k8s.io", "ClusterTrustBundle", trust_bundle},
    {"certificates.k8s.io", "PodCertificateRequest", pod_certificate_request},
};

}  // namespace

std::span<const Kind> rbac() {
    return kinds;
}

}  // namespace salvor::table
