#include <fmt/format.h>

#include <algorithm>

#include "core/cluster/table/cells.hpp"

namespace salvor::table {
namespace {

using kube::Value;

constexpr Column webhooks[] = {
    {"NAME", name},
    {"WEBHOOKS", count_at, "webhooks"},
    {"AGE", age_at, created},
};

std::string parameter_kind(const Subject& subject, std::string_view path) {
    const auto* kind = at(subject.object, path);
    if (!kind || !kind->is_object()) return "<unset>";
    return fmt::format("{}/{}", kind->text("apiVersion"), kind->text("kind"));
}

constexpr Column validating_policy[] = {
    {"NAME", name},
    {"VALIDATIONS", count_at, "spec.validations"},
    {"PARAMKIND", parameter_kind, "spec.paramKind"},
    {"AGE", age_at, created},
};
constexpr Column mutating_policy[] = {
    {"NAME", name},
    {"MUTATIONS", count_at, "spec.mutations"},
    {"PARAMKIND", parameter_kind, "spec.paramKind"},
    {"AGE", age_at, created},
};

/// A LabelSelector as its generated Go code prints it.
/// Source: apimachinery pkg/apis/meta/v1/generated.pb.go
std::string selector_in_go(const Value& selector) {
    std::string labels, expressions;
    std::vector<std::string> parts;
    if (const auto* match = selector.find("matchLabels")) {
        for (const auto& [key, value] : match->members)
            parts.push_back(fmt::format("{}: {},", key, text_of(&value)));
    }
    std::sort(parts.begin(), parts.end());
    for (const auto& expression : items_at(selector, "matchExpressions")) {
        std::vector<std::string> values;
        for (const auto& value : items_at(expression, "values")) values.push_back(text_of(&value));
        expressions += fmt::format("LabelSelectorRequirement{{Key:{},Operator:{},Values:[{}],}},",
                                   expression.text("key"), expression.text("operator"),
                                   fmt::join(values, " "));
    }
    return fmt::format(
        "&LabelSelector{{MatchLabels:map[string]string{{{}}},"
        "MatchExpressions:[]LabelSelectorRequirement{{{}}},}}",
        fmt::join(parts, ""), expressions);
}

std::string parameter_reference(const Subject& subject, std::string_view path) {
    const auto* reference = at(subject.object, path);
    if (!reference || !reference->is_object()) return "<unset>";
    const auto space = reference->text("namespace"), named = reference->text("name");
    if (!named.empty()) return fmt::format("{}/{}", space.empty() ? "*" : space, named);
    const auto* selector = reference->find("selector");
    return selector && selector->is_object() ? selector_in_go(*selector) : "<unset>";
}

constexpr Column policy_binding[] = {
    {"NAME", name},
    {"POLICYNAME", text_at, "spec.policyName"},
    {"PARAMREF", parameter_reference, "spec.paramRef"},
    {"AGE", age_at, created},
};

constexpr Column pod_security_policy[] = {
    {"NAME", name},
    {"PRIV", truth_at, "spec.privileged"},
    {"CAPS", list_at, "spec.allowedCapabilities"},
    {"SELINUX", text_at, "spec.seLinux.rule"},
    {"RUNASUSER", text_at, "spec.runAsUser.rule"},
    {"FSGROUP", text_at, "spec.fsGroup.rule"},
    {"SUPGROUP", text_at, "spec.supplementalGroups.rule"},
    {"READONLYROOTFS", truth_at, "spec.readOnlyRootFilesystem"},
    {"VOLUMES", list_at, "spec.volumes"},
};

constexpr std::string_view group = "admissionregistration.k8s.io";
constexpr Kind kinds[] = {
    {group, "MutatingWebhookConfiguration", webhooks},
    {group, "ValidatingWebhookConfiguration", webhooks},
    {group, "ValidatingAdmissionPolicy", validating_policy},
    {group, "ValidatingAdmissionPolicyBinding", policy_binding},
    {group, "MutatingAdmissionPolicy", mutating_policy},
    {group, "MutatingAdmissionPolicyBinding", policy_binding},
    {"policy", "PodSecurityPolicy", pod_security_policy},
    {"extensions", "PodSecurityPolicy", pod_security_policy},
};

}  // namespace

std::span<const Kind> admission() {
    return kinds;
}

}  // namespace salvor::table
