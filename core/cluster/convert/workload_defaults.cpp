#include <array>
#include <limits>

#include "core/cluster/convert/defaults.hpp"

namespace salvor::convert {
namespace {

constexpr std::int64_t unlimited = std::numeric_limits<std::int32_t>::max();

Value text(Bytes value) {
    return Value::of(value);
}
Value count(std::int64_t value) {
    return Value::of(value);
}

/// Where a version's own labels and selector are those of its template.
void labels_of_template(Value& workload) {
    const auto* labels = member(workload, {"spec", "template", "metadata", "labels"});
    if (!labels) return;
    const Value copy = *labels;
    set_if_nil(object_at(workload, "spec"), "selector", made({{"matchLabels", copy}}));
    set_if_zero(object_at(workload, "metadata"), "labels", copy);
}

void deployment(Value& deployment, const Value& step, std::int64_t history, std::int64_t deadline) {
    auto& spec = object_at(deployment, "spec");
    set_if_nil(spec, "replicas", count(1));
    auto& strategy = object_at(spec, "strategy");
    set_if_zero(strategy, "type", text("RollingUpdate"));
    if (strategy.text("type") == "RollingUpdate") {
        auto& rolling = object_at(strategy, "rollingUpdate");
        set_if_nil(rolling, "maxUnavailable", step);
        set_if_nil(rolling, "maxSurge", step);
    }
    set_if_nil(spec, "revisionHistoryLimit", count(history));
    set_if_nil(spec, "progressDeadlineSeconds", count(deadline));
}

void deployment_v1(Value& object, Context&) {
    deployment(object, text("25%"), 10, 600);
}

void deployment_beta1(Value& object, Context&) {
    labels_of_template(object);
    deployment(object, text("25%"), 2, 600);
}

void deployment_extensions(Value& object, Context&) {
    labels_of_template(object);
    // Here alone a strategy of any type has its numbers.
    if (auto* rolling = member(object, {"spec", "strategy", "rollingUpdate"})) {
        set_if_nil(*rolling, "maxUnavailable", count(1));
        set_if_nil(*rolling, "maxSurge", count(1));
    }
    deployment(object, count(1), unlimited, unlimited);
}

void daemon_set(Value& object, Bytes strategy_type, Context& context) {
    auto& spec = object_at(object, "spec");
    auto& strategy = object_at(spec, "updateStrategy");
    set_if_zero(strategy, "type", text(strategy_type));
    if (strategy.text("type") == "RollingUpdate") {
        constexpr std::uint8_t first_with_surge = 21;
        auto& rolling = object_at(strategy, "rollingUpdate");
        set_if_nil(rolling, "maxUnavailable", count(1));
        if (context.release() >= first_with_surge) set_if_nil(rolling, "maxSurge", count(0));
    }
    set_if_nil(spec, "revisionHistoryLimit", count(10));
}

void daemon_set_apps(Value& object, Context& context) {
    daemon_set(object, "RollingUpdate", context);
}

void daemon_set_extensions(Value& object, Context& context) {
    labels_of_template(object);
    daemon_set(object, "OnDelete", context);
}

void replica_set_apps(Value& object, Context&) {
    set_if_nil(object_at(object, "spec"), "replicas", count(1));
}

void replica_set_extensions(Value& object, Context& context) {
    labels_of_template(object);
    replica_set_apps(object, context);
}

void rolling_partition(Value& strategy, Context& context) {
    constexpr std::uint8_t max_unavailable_release = 35;  // on in it alone
    auto* rolling = member(strategy, "rollingUpdate");
    if (strategy.text("type") != "RollingUpdate" || !rolling) return;
    set_if_nil(*rolling, "partition", count(0));
    if (context.release() == max_unavailable_release)
        set_if_nil(*rolling, "maxUnavailable", count(1));
}

void stateful_set(Value& object, Context& context) {
    auto& spec = object_at(object, "spec");
    set_if_zero(spec, "podManagementPolicy", text("OrderedReady"));
    set_if_nil(spec, "replicas", count(1));
    set_if_nil(spec, "revisionHistoryLimit", count(10));
    rolling_partition(object_at(spec, "updateStrategy"), context);
    constexpr std::uint8_t retention_beta = 27;
    if (context.release() < retention_beta) return;
    auto& retention = object_at(spec, "persistentVolumeClaimRetentionPolicy");
    set_if_zero(retention, "whenDeleted", text("Retain"));
    set_if_zero(retention, "whenScaled", text("Retain"));
}

void stateful_set_apps(Value& object, Context& context) {
    auto& strategy = object_at(object_at(object, "spec"), "updateStrategy");
    if (strategy.text("type").empty()) {
        strategy.set("type", text("RollingUpdate"));
        object_at(strategy, "rollingUpdate");
    }
    stateful_set(object, context);
}

void stateful_set_beta1(Value& object, Context& context) {
    set_if_zero(object_at(object_at(object, "spec"), "updateStrategy"), "type", text("OnDelete"));
    labels_of_template(object);
    stateful_set(object, context);
}

void job_spec_by_release(Value& spec, Context& context) {
    constexpr std::uint8_t indexed_beta = 22, replacement_beta = 29, manual_default = 29;
    if (context.release() >= indexed_beta) {
        set_if_nil(spec, "completionMode", text("NonIndexed"));
        set_if_nil(spec, "suspend", Value::of(false));
    }
    if (context.release() >= replacement_beta) {
        const bool has_policy = !is_nil(spec.find("podFailurePolicy"));
        set_if_nil(spec, "podReplacementPolicy",
                   text(has_policy ? "Failed" : "TerminatingOrFailed"));
    }
    if (context.release() >= manual_default) set_if_nil(spec, "manualSelector", Value::of(false));
}

void job(Value& job, Context& context) {
    auto& spec = object_at(job, "spec");
    if (is_nil(spec.find("completions")) && is_nil(spec.find("parallelism")))
        spec.set("completions", count(1));
    set_if_nil(spec, "parallelism", count(1));
    set_if_nil(spec, "backoffLimit",
               count(is_nil(spec.find("backoffLimitPerIndex")) ? 6 : unlimited));
    if (const auto* labels = member(spec, {"template", "metadata", "labels"})) {
        const Value copy = *labels;
        set_if_zero(object_at(job, "metadata"), "labels", copy);
    }
    job_spec_by_release(spec, context);
}

Value policy(Bytes type, std::int64_t value) {
    return made({{"type", text(type)}, {"value", count(value)}, {"periodSeconds", count(15)}});
}

void scaler_metrics(Value& spec, Value target) {
    if (!is_zero(spec.find("metrics"))) return;
    target.members.insert(target.members.begin(), {"name", text("cpu")});
    spec.set("metrics", list_of({made({{"type", text("Resource")}, {"resource", target}})}));
}

/// Source: autoscaling v2/defaults.go
void scaler_behavior(Value& spec) {
    auto* behavior = member(spec, "behavior");
    if (!behavior) return;
    auto& up = object_at(*behavior, "scaleUp");
    set_if_nil(up, "stabilizationWindowSeconds", count(0));
    set_if_nil(up, "selectPolicy", text("Max"));
    set_if_nil(up, "policies", list_of({policy("Pods", 4), policy("Percent", 100)}));
    auto& down = object_at(*behavior, "scaleDown");
    set_if_nil(down, "selectPolicy", text("Max"));
    set_if_nil(down, "policies", list_of({policy("Percent", 100)}));
}

/// Before 1.18 v2beta2's defaults were there, and not registered.
void scaler(Value& spec, Context& context) {
    constexpr std::uint8_t first_release = 18;
    if (context.release() < first_release) return;
    const auto target = made({{"type", text("Utilization")}, {"averageUtilization", count(80)}});
    scaler_metrics(spec, made({{"target", target}}));
    scaler_behavior(spec);
}

void scaler_beta1(Value& spec, Context&) {
    scaler_metrics(spec, made({{"targetAverageUtilization", count(80)}}));
}

constexpr std::array rules{
    DefaultRule{"apps.v1.Deployment", deployment_v1},
    DefaultRule{"apps.v1beta2.Deployment", deployment_v1},
    DefaultRule{"apps.v1beta1.Deployment", deployment_beta1},
    DefaultRule{"extensions.v1beta1.Deployment", deployment_extensions},
    DefaultRule{"apps.v1.DaemonSet", daemon_set_apps},
    DefaultRule{"apps.v1beta2.DaemonSet", daemon_set_apps},
    DefaultRule{"extensions.v1beta1.DaemonSet", daemon_set_extensions},
    DefaultRule{"apps.v1.ReplicaSet", replica_set_apps},
    DefaultRule{"apps.v1beta2.ReplicaSet", replica_set_apps},
    DefaultRule{"extensions.v1beta1.ReplicaSet", replica_set_extensions},
    DefaultRule{"apps.v1.StatefulSet", stateful_set_apps},
    DefaultRule{"apps.v1beta2.StatefulSet", stateful_set_apps},
    DefaultRule{"apps.v1beta1.StatefulSet", stateful_set_beta1},
    DefaultRule{"batch.v1.Job", job},
    DefaultRule{"autoscaling.v2.HorizontalPodAutoscalerSpec", scaler},
    DefaultRule{"autoscaling.v2beta2.HorizontalPodAutoscalerSpec", scaler},
    DefaultRule{"autoscaling.v2beta1.HorizontalPodAutoscalerSpec", scaler_beta1},
};

}  // namespace

std::span<const DefaultRule> workload_defaults() {
    return rules;
}

}  // namespace salvor::convert
