#include <algorithm>
#include <array>

#include "core/cluster/convert/conversion.hpp"
#include "core/cluster/convert/scaler_metrics.hpp"
#include "formats/kube/json.hpp"
#include "formats/text/json_writer.hpp"

// HorizontalPodAutoscaler; the hub is v2. v1 has no fields for most of it and keeps the rest as
// JSON in annotations.

namespace salvor::convert {
namespace {

constexpr Bytes metrics_annotation = "autoscaling.alpha.kubernetes.io/metrics";
constexpr Bytes statuses_annotation = "autoscaling.alpha.kubernetes.io/current-metrics";
constexpr Bytes conditions_annotation = "autoscaling.alpha.kubernetes.io/conditions";
constexpr Bytes behavior_annotation = "autoscaling.alpha.kubernetes.io/behavior";
constexpr Bytes tolerance_down = "autoscaling.alpha.kubernetes.io/scale-down-tolerance";
constexpr Bytes tolerance_up = "autoscaling.alpha.kubernetes.io/scale-up-tolerance";

constexpr std::uint8_t first_with_tolerance = 33;

void drop_annotations(Value& scaler, Context& context) {
    for (const auto name :
         {metrics_annotation, statuses_annotation, conditions_annotation, behavior_annotation})
        drop_annotation(scaler, name);
    if (context.release() < first_with_tolerance) return;
    drop_annotation(scaler, tolerance_down);
    drop_annotation(scaler, tolerance_up);
}

/// JSON in an annotation; null where there is none, or it is none.
Value parsed_annotation(Value& scaler, Bytes name, Context& context) {
    const auto* text = annotation(scaler, name);
    if (!text) return {};
    auto parsed = kube::parse_json(text->string, context.document);
    return parsed ? std::move(*parsed) : Value{};
}

/// Members in the order in which they stand, as Go writes a struct.
void write(const Value& value, text::JsonWriter& out) {
    switch (value.type) {
        case Value::Type::null: return out.null();
        case Value::Type::boolean: return out.boolean(value.boolean);
        case Value::Type::integer: return out.integer(value.integer);
        case Value::Type::unsigned_integer: return out.unsigned_integer(value.unsigned_integer);
        case Value::Type::real: return out.real(value.real);
        case Value::Type::string: return out.string(value.string);
        case Value::Type::array:
            out.begin_array();
            for (const auto& item : value.items) write(item, out);
            return out.end_array();
        case Value::Type::object: break;
    }
    out.begin_object();
    for (const auto& [name, member] : value.members) {
        out.key(name);
        write(member, out);
    }
    out.end_object();
}

void annotate_json(Value& scaler, Bytes name, const Value& value, Context& context) {
    std::string json;
    text::JsonWriter out(json);
    write(value, out);
    annotate(scaler, name, context.keep(std::move(json)));
}

/// A behavior is kept in the internal type's names: those of Go's fields.
constexpr std::array<std::pair<Bytes, Bytes>, 4> rule_fields{{
    {"StabilizationWindowSeconds", "stabilizationWindowSeconds"},
    {"SelectPolicy", "selectPolicy"},
    {"Policies", "policies"},
    {"Tolerance", "tolerance"},
}};
constexpr std::array<std::pair<Bytes, Bytes>, 3> policy_fields{
    {{"Type", "type"}, {"Value", "value"}, {"PeriodSeconds", "periodSeconds"}}};

template <std::size_t count>
Value renamed(const Value& from, const std::array<std::pair<Bytes, Bytes>, count>& names) {
    auto to = Value::object();
    for (const auto& [go, json] : names) copy_member(from, go, to, json);
    return to;
}

Value behavior_from_go(const Value& go) {
    auto behavior = Value::object();
    for (const auto& [from, to] : {std::pair<Bytes, Bytes>{"ScaleUp", "scaleUp"},
                                   std::pair<Bytes, Bytes>{"ScaleDown", "scaleDown"}}) {
        const auto* found = go.find(from);
        if (is_nil(found)) continue;
        auto rules = renamed(*found, rule_fields);
        if (auto* policies = member(rules, "policies")) {
            for (auto& policy : policies->items) policy = renamed(policy, policy_fields);
        }
        behavior.set(to, std::move(rules));
    }
    return behavior;
}

Value or_null(const Value& object, Bytes name) {
    const auto* found = object.find(name);
    return found ? *found : Value{};
}

Value rules_to_go(const Value& rules, Context& context) {
    auto go = Value::object();
    for (const auto& [name, json] : rule_fields) {
        if (name == "Tolerance" && context.release() < first_with_tolerance) continue;
        auto value = or_null(rules, json);
        if (name == "Policies") {
            for (auto& policy : value.items) {
                const auto own = std::move(policy);
                policy = Value::object();
                for (const auto& [field, from] : policy_fields)
                    policy.set(field, or_null(own, from));
            }
        }
        go.members.push_back({name, std::move(value)});
    }
    return go;
}

Value behavior_to_go(const Value& behavior, Context& context) {
    auto go = Value::object();
    for (const auto& [to, from] : {std::pair<Bytes, Bytes>{"ScaleUp", "scaleUp"},
                                   std::pair<Bytes, Bytes>{"ScaleDown", "scaleDown"}}) {
        const auto* rules = behavior.find(from);
        go.members.push_back({to, is_nil(rules) ? Value{} : rules_to_go(*rules, context)});
    }
    return go;
}

void take_behavior(Value& scaler, Context& context) {
    const auto go = parsed_annotation(scaler, behavior_annotation, context);
    if (!go.is_object()) return;
    auto behavior = behavior_from_go(go);
    if (!behavior.members.empty()) object_at(scaler, "spec").set("behavior", std::move(behavior));
}

void give_behavior(Value& scaler, Context& context) {
    auto& spec = object_at(scaler, "spec");
    if (const auto* behavior = member(spec, "behavior"))
        annotate_json(scaler, behavior_annotation, behavior_to_go(*behavior, context), context);
    object_at(scaler, "spec").erase("behavior");
}

Value cpu(Bytes what, Value usage) {
    auto resource = made({{"name", Value::of(Bytes("cpu"))}, {what, std::move(usage)}});
    return made({{"type", Value::of(Bytes("Resource"))}, {"resource", std::move(resource)}});
}

Value cpu_target(Value utilization) {
    return cpu("target", made({{"type", Value::of(Bytes("Utilization"))},
                               {"averageUtilization", std::move(utilization)}}));
}

bool is_cpu(Value& metric) {
    const auto* name = member(metric, {"resource", "name"});
    return metric.text("type") == "Resource" && name && name->string == "cpu";
}

void spec_to_hub(Value& scaler, Context& context) {
    auto metrics = parsed_annotation(scaler, metrics_annotation, context);
    if (!metrics.is_array()) metrics = Value::array();
    for (auto& metric : metrics.items) metric = metric_to_hub(metric, context);
    auto& spec = object_at(scaler, "spec");
    if (const auto* target = member(spec, "targetCPUUtilizationPercentage"))
        metrics.items.push_back(cpu_target(*target));
    constexpr std::int64_t standard = 80;
    if (metrics.items.empty()) metrics.items.push_back(cpu_target(Value::of(standard)));
    spec.erase("targetCPUUtilizationPercentage");
    spec.set("metrics", std::move(metrics));
}

void status_to_hub(Value& scaler, Context& context) {
    auto metrics = parsed_annotation(scaler, statuses_annotation, context);
    auto conditions = parsed_annotation(scaler, conditions_annotation, context);
    auto& status = object_at(scaler, "status");
    if (metrics.is_array()) {
        for (auto& metric : metrics.items) metric = metric_status_to_hub(metric);
        status.set("currentMetrics", std::move(metrics));
    } else if (const auto* used = member(status, "currentCPUUtilizationPercentage")) {
        status.set("currentMetrics",
                   list_of({cpu("current", made({{"averageUtilization", *used}}))}));
    }
    status.erase("currentCPUUtilizationPercentage");
    if (conditions.is_array()) status.set("conditions", std::move(conditions));
}

void v1_to_hub(Value& scaler, Context& context) {
    spec_to_hub(scaler, context);
    take_behavior(scaler, context);
    status_to_hub(scaler, context);
    drop_annotations(scaler, context);
}

void spec_from_hub(Value& scaler, Context& context) {
    auto others = Value::array();
    Value target;
    for (auto& metric : items(scaler, {"spec", "metrics"})) {
        const auto* used = member(metric, {"resource", "target", "averageUtilization"});
        if (!is_cpu(metric) || !used) {
            others.items.push_back(metric_from_hub(metric));
        } else if (target.is_null()) {
            target = *used;
        }
    }
    auto& spec = object_at(scaler, "spec");
    spec.erase("metrics");
    if (!target.is_null()) spec.set("targetCPUUtilizationPercentage", std::move(target));
    if (!others.items.empty()) annotate_json(scaler, metrics_annotation, others, context);
}

Value condition_in_order(const Value& condition) {
    auto ordered = Value::object();
    for (const Bytes name : {"type", "status", "lastTransitionTime", "reason", "message"}) {
        const auto* found = condition.find(name);
        const bool is_kept = name == "type" || name == "status" || name == "lastTransitionTime";
        if (is_kept || !is_zero(found)) ordered.members.push_back({name, found ? *found : Value{}});
    }
    return ordered;
}

void status_from_hub(Value& scaler, Context& context) {
    auto metrics = Value::array(), conditions = Value::array();
    Value used;
    for (auto& metric : items(scaler, {"status", "currentMetrics"})) {
        const auto* utilization = member(metric, {"resource", "current", "averageUtilization"});
        if (is_cpu(metric) && utilization) used = *utilization;
        metrics.items.push_back(metric_status_from_hub(metric));
    }
    for (auto& condition : items(scaler, {"status", "conditions"}))
        conditions.items.push_back(condition_in_order(condition));
    auto& status = object_at(scaler, "status");
    status.erase("currentMetrics");
    status.erase("conditions");
    if (!used.is_null()) status.set("currentCPUUtilizationPercentage", std::move(used));
    if (!metrics.items.empty()) annotate_json(scaler, statuses_annotation, metrics, context);
    if (!conditions.items.empty())
        annotate_json(scaler, conditions_annotation, conditions, context);
}

void v1_from_hub(Value& scaler, Context& context) {
    spec_from_hub(scaler, context);
    give_behavior(scaler, context);
    status_from_hub(scaler, context);
}

/// v2beta1's own conversion forgets which container is meant, both ways.
void forget_container(Value& metric) {
    if (auto* source = member(metric, "containerResource"))
        source->set("container", Value::of(Bytes("")));
}

void v2beta1_to_hub(Value& scaler, Context& context) {
    for (auto& metric : items(scaler, {"spec", "metrics"})) {
        metric = metric_to_hub(metric, context);
        forget_container(metric);
    }
    for (auto& metric : items(scaler, {"status", "currentMetrics"}))
        metric = metric_status_to_hub(metric);
    take_behavior(scaler, context);
    drop_annotations(scaler, context);
}

void v2beta1_from_hub(Value& scaler, Context& context) {
    for (auto& metric : items(scaler, {"spec", "metrics"})) {
        metric = metric_from_hub(metric);
        forget_container(metric);
    }
    for (auto& metric : items(scaler, {"status", "currentMetrics"}))
        metric = metric_status_from_hub(metric);
    give_behavior(scaler, context);
}

void v2beta2_to_hub(Value& scaler, Context& context) {
    for (const auto& [name, rules] : {std::pair<Bytes, Bytes>{tolerance_down, "scaleDown"},
                                      std::pair<Bytes, Bytes>{tolerance_up, "scaleUp"}}) {
        const auto* tolerance = annotation(scaler, name);
        if (!tolerance || context.release() < first_with_tolerance) continue;
        const Value kept = *tolerance;
        auto& behavior = object_at(object_at(scaler, "spec"), "behavior");
        object_at(behavior, rules).set("tolerance", kept);
    }
    drop_annotations(scaler, context);
}

void v2beta2_from_hub(Value& scaler, Context&) {
    for (const auto& [name, rules] : {std::pair<Bytes, Bytes>{tolerance_down, "scaleDown"},
                                      std::pair<Bytes, Bytes>{tolerance_up, "scaleUp"}}) {
        const auto* tolerance = member(scaler, {"spec", "behavior", rules, "tolerance"});
        if (tolerance) annotate(scaler, name, Bytes(tolerance->string));
    }
}

constexpr std::array all{
    Conversion{"autoscaling/v2", "HorizontalPodAutoscaler", drop_annotations, nullptr},
    Conversion{"autoscaling/v1", "HorizontalPodAutoscaler", v1_to_hub, v1_from_hub},
    Conversion{"autoscaling/v2beta1", "HorizontalPodAutoscaler", v2beta1_to_hub, v2beta1_from_hub},
    Conversion{"autoscaling/v2beta2", "HorizontalPodAutoscaler", v2beta2_to_hub, v2beta2_from_hub},
};

}  // namespace

std::span<const Conversion> autoscaling_conversions() {
    return all;
}

}  // namespace salvor::convert
