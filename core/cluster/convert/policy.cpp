#include <algorithm>
#include <array>

#include "core/cluster/convert/conversion.hpp"

// policy, rbac.authorization.k8s.io, flowcontrol.apiserver.k8s.io, node.k8s.io; the hubs are their
// v1.

namespace salvor::convert {
namespace {

constexpr Bytes empty_selector_label = "pdb.kubernetes.io/deprecated-v1beta1-empty-selector-match";

Value selector_of(Bytes how) {
    return made({{"matchExpressions", list_of({made({{"key", Value::of(empty_selector_label)},
                                                     {"operator", Value::of(how)}})})}});
}

bool is_empty(const Value& selector) {
    return is_zero(selector.find("matchLabels")) && is_zero(selector.find("matchExpressions"));
}

/// Whether the label alone is asked for, in one way.
bool is_special(const Value& selector, Bytes how) {
    const auto* expressions = selector.find("matchExpressions");
    return is_zero(selector.find("matchLabels")) && expressions && expressions->items.size() == 1 &&
           expressions->items[0].text("key") == empty_selector_label &&
           expressions->items[0].text("operator") == how &&
           is_zero(expressions->items[0].find("values"));
}

void strip_label(Value& selector) {
    auto* expressions = member(selector, "matchExpressions");
    if (!expressions) return;
    std::erase_if(expressions->items, [](const Value& expression) {
        return expression.text("key") == empty_selector_label;
    });
    if (expressions->items.empty()) selector.erase("matchExpressions");
}

/// An empty selector was for no pod in v1beta1 and is for every pod in v1.
void budget_to_hub(Value& budget, Context&) {
    auto* selector = member(budget, {"spec", "selector"});
    if (!selector) return;
    if (is_empty(*selector)) {
        *selector = selector_of("Exists");
    } else if (is_special(*selector, "DoesNotExist")) {
        *selector = Value::object();
    } else {
        strip_label(*selector);
    }
}

void budget_from_hub(Value& budget, Context&) {
    auto* selector = member(budget, {"spec", "selector"});
    if (!selector) return;
    if (is_special(*selector, "Exists")) {
        *selector = Value::object();
    } else if (is_empty(*selector)) {
        *selector = selector_of("DoesNotExist");
    }
}

void budget(Value& budget, Context&) {
    auto* selector = member(budget, {"spec", "selector"});
    if (selector && !is_special(*selector, "Exists")) strip_label(*selector);
}

constexpr Bytes rbac_group = "rbac.authorization.k8s.io";

void subject_to_hub(Value& subject) {
    const auto kind = subject.text("kind");
    const auto api_version = subject.text("apiVersion");
    subject.erase("apiVersion");
    subject.erase("apiGroup");
    if (kind == "User" || kind == "Group") {
        subject.set("apiGroup", Value::of(rbac_group));
    } else if (kind != "ServiceAccount") {
        subject.set("apiGroup", Value::of(kube::split_api_version(api_version).group));
    }
    // Once every user who has authenticated.
    if (kind == "User" && subject.text("name") == "*") {
        subject.set("kind", Value::of(Bytes("Group")));
        subject.set("name", Value::of(Bytes("system:authenticated")));
    }
}

void subject_from_hub(Value& subject, Context& context) {
    const auto kind = subject.text("kind"), group = subject.text("apiGroup");
    Bytes api_version;
    if (kind == "ServiceAccount" && group.empty()) {
        api_version = "v1";
    } else if ((kind == "User" || kind == "Group") && group == rbac_group) {
        api_version = "rbac.authorization.k8s.io/v1alpha1";
    } else if (!group.empty()) {
        api_version = context.keep(std::string(group) + "/");
    }
    subject.erase("apiGroup");
    subject.set("apiVersion", Value::of(api_version));
}

void binding_to_hub(Value& binding, Context&) {
    for (auto& subject : items(binding, {"subjects"})) subject_to_hub(subject);
}

void binding_from_hub(Value& binding, Context& context) {
    for (auto& subject : items(binding, {"subjects"})) subject_from_hub(subject, context);
}

void level_to_hub(Value& level, Context&) {
    if (auto* limited = member(level, {"spec", "limited"}))
        rename(*limited, "assuredConcurrencyShares", "nominalConcurrencyShares");
}

void level_from_hub(Value& level, Context&) {
    if (auto* limited = member(level, {"spec", "limited"}))
        rename(*limited, "nominalConcurrencyShares", "assuredConcurrencyShares");
}

/// A release before 1.29 has no annotation for a zero.
constexpr std::uint8_t first_with_zero_shares = 29;

void level_beta3_to_hub(Value& level, Context& context) {
    if (context.release() < first_with_zero_shares) return;
    drop_annotation(level, zero_shares_annotation);
    if (auto* limited = member(level, {"spec", "limited"}))
        set_if_nil(*limited, "nominalConcurrencyShares", Value::of(std::int64_t{0}));
}

void level_beta3_from_hub(Value& level, Context& context) {
    auto* limited = member(level, {"spec", "limited"});
    if (context.release() < first_with_zero_shares || !limited) return;
    if (is_zero(limited->find("nominalConcurrencyShares")) &&
        !annotation(level, zero_shares_annotation))
        annotate(level, zero_shares_annotation, "");
}

constexpr std::array runtime_fields{std::pair<Bytes, Bytes>{"runtimeHandler", "handler"},
                                    std::pair<Bytes, Bytes>{"overhead", "overhead"},
                                    std::pair<Bytes, Bytes>{"scheduling", "scheduling"}};

void runtime_to_hub(Value& runtime, Context&) {
    auto spec = Value::object();
    if (auto* found = member(runtime, "spec")) spec = std::move(*found);
    runtime.erase("spec");
    for (const auto& [alpha, name] : runtime_fields) move_member(spec, alpha, runtime, name);
}

void runtime_from_hub(Value& runtime, Context&) {
    auto spec = Value::object();
    for (const auto& [alpha, name] : runtime_fields) move_member(runtime, name, spec, alpha);
    runtime.set("spec", std::move(spec));
}

constexpr std::array all{
    Conversion{"policy/v1", "PodDisruptionBudget", budget, nullptr},
    Conversion{"policy/v1beta1", "PodDisruptionBudget", budget_to_hub, budget_from_hub},
    Conversion{"rbac.authorization.k8s.io/v1alpha1", "ClusterRoleBinding", binding_to_hub,
               binding_from_hub},
    Conversion{"rbac.authorization.k8s.io/v1alpha1", "RoleBinding", binding_to_hub,
               binding_from_hub},
    Conversion{"flowcontrol.apiserver.k8s.io/v1alpha1", "PriorityLevelConfiguration", level_to_hub,
               level_from_hub},
    Conversion{"flowcontrol.apiserver.k8s.io/v1beta1", "PriorityLevelConfiguration", level_to_hub,
               level_from_hub},
    Conversion{"flowcontrol.apiserver.k8s.io/v1beta2", "PriorityLevelConfiguration", level_to_hub,
               level_from_hub},
    Conversion{"flowcontrol.apiserver.k8s.io/v1beta3", "PriorityLevelConfiguration",
               level_beta3_to_hub, level_beta3_from_hub},
    Conversion{"node.k8s.io/v1alpha1", "RuntimeClass", runtime_to_hub, runtime_from_hub},
};

}  // namespace

std::span<const Conversion> policy_conversions() {
    return all;
}

}  // namespace salvor::convert
