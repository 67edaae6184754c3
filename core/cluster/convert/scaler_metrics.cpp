#include "core/cluster/convert/scaler_metrics.hpp"

#include <array>

namespace salvor::convert {
namespace {

Value at(const Value& object, std::initializer_list<Bytes> path) {
    const auto* found = object.at(path);
    return found ? *found : Value{};
}
Value text(Bytes value) {
    return Value::of(value);
}
/// A quantity that is no pointer in Go is never absent.
Value quantity(Value value) {
    return value.is_null() ? text("0") : value;
}
Value name_or_empty(Value value) {
    return value.is_null() ? text("") : value;
}

Value metric_name(const Value& source, Bytes selector) {
    return made({{"name", name_or_empty(at(source, {"metricName"}))},
                 {"selector", at(source, {selector})}});
}

Value object_to_hub(const Value& source, Context& context) {
    constexpr std::uint8_t zero_is_dropped = 36;
    const auto average = at(source, {"averageValue"});
    auto value = quantity(at(source, {"targetValue"}));
    if (!average.is_null() && context.release() >= zero_is_dropped && value.string == "0")
        value = {};
    return made({{"describedObject", at(source, {"target"})},
                 {"target", made({{"type", text(average.is_null() ? "Value" : "AverageValue")},
                                  {"value", value},
                                  {"averageValue", average}})},
                 {"metric", metric_name(source, "selector")}});
}

Value pods_to_hub(const Value& source) {
    return made(
        {{"metric", metric_name(source, "selector")},
         {"target", made({{"type", text("AverageValue")},
                          {"averageValue", quantity(at(source, {"targetAverageValue"}))}})}});
}

Value resource_to_hub(const Value& source) {
    const auto utilization = at(source, {"targetAverageUtilization"});
    const auto target =
        made({{"type", text(utilization.is_null() ? "AverageValue" : "Utilization")},
              {"averageValue", at(source, {"targetAverageValue"})},
              {"averageUtilization", utilization}});
    return made({{"name", at(source, {"name"})},
                 {"target", target},
                 {"container", at(source, {"container"})}});
}

Value external_to_hub(const Value& source) {
    const auto value = at(source, {"targetValue"});
    return made({{"metric", metric_name(source, "metricSelector")},
                 {"target", made({{"type", text(value.is_null() ? "AverageValue" : "Value")},
                                  {"value", value},
                                  {"averageValue", at(source, {"targetAverageValue"})}})}});
}

/// In the order of Go's struct.
Value ordered_selector(const Value& selector) {
    if (!selector.is_object()) return {};
    auto expressions = at(selector, {"matchExpressions"});
    for (auto& one : expressions.items)
        one = made({{"key", at(one, {"key"})},
                    {"operator", at(one, {"operator"})},
                    {"values", at(one, {"values"})}});
    return made({{"matchLabels", at(selector, {"matchLabels"})},
                 {"matchExpressions", std::move(expressions)}});
}

Value ordered_reference(const Value& object) {
    return made({{"kind", name_or_empty(at(object, {"kind"}))},
                 {"name", name_or_empty(at(object, {"name"}))},
                 {"apiVersion", at(object, {"apiVersion"})}});
}

Value selector_of(const Value& source) {
    return ordered_selector(at(source, {"metric", "selector"}));
}
Value name_of(const Value& source) {
    return name_or_empty(at(source, {"metric", "name"}));
}

/// What a source or a status calls its numbers.
struct Words {
    Bytes usage;  ///< target, current
    Bytes value, average, utilization;
};
constexpr Words source_words{"target", "targetValue", "targetAverageValue",
                             "targetAverageUtilization"};
constexpr Words status_words{"current", "currentValue", "currentAverageValue",
                             "currentAverageUtilization"};

Value object_from_hub(const Value& source, const Words& words) {
    return made({{"target", ordered_reference(at(source, {"describedObject"}))},
                 {"metricName", name_of(source)},
                 {words.value, quantity(at(source, {words.usage, "value"}))},
                 {"selector", selector_of(source)},
                 {"averageValue", at(source, {words.usage, "averageValue"})}});
}

Value pods_from_hub(const Value& source, const Words& words) {
    return made({{"metricName", name_of(source)},
                 {words.average, quantity(at(source, {words.usage, "averageValue"}))},
                 {"selector", selector_of(source)}});
}

Value resource_from_hub(const Value& source, const Words& words) {
    const bool is_status = words.usage == "current";
    auto average = at(source, {words.usage, "averageValue"});
    return made({{"name", at(source, {"name"})},
                 {words.utilization, at(source, {words.usage, "averageUtilization"})},
                 {words.average, is_status ? quantity(std::move(average)) : average},
                 {"container", at(source, {"container"})}});
}

Value external_from_hub(const Value& source, const Words& words) {
    const bool is_status = words.usage == "current";
    auto value = at(source, {words.usage, "value"});
    return made({{"metricName", name_of(source)},
                 {"metricSelector", selector_of(source)},
                 {words.value, is_status ? quantity(std::move(value)) : value},
                 {words.average, at(source, {words.usage, "averageValue"})}});
}

Value from_hub(const Value& metric, const Words& words) {
    auto old = made({{"type", name_or_empty(at(metric, {"type"}))}});
    const auto add = [&](Bytes name, Value (*change)(const Value&, const Words&)) {
        const auto source = at(metric, {name});
        if (!source.is_null()) old.set(name, change(source, words));
    };
    add("object", object_from_hub);
    add("pods", pods_from_hub);
    add("resource", resource_from_hub);
    add("containerResource", resource_from_hub);
    add("external", external_from_hub);
    return old;
}

Value object_status_to_hub(const Value& status) {
    return made({{"describedObject", at(status, {"target"})},
                 {"current", made({{"value", quantity(at(status, {"currentValue"}))},
                                   {"averageValue", at(status, {"averageValue"})}})},
                 {"metric", metric_name(status, "selector")}});
}

Value pods_status_to_hub(const Value& status) {
    const auto average = quantity(at(status, {"currentAverageValue"}));
    return made({{"metric", metric_name(status, "selector")},
                 {"current", made({{"averageValue", average}})}});
}

Value resource_status_to_hub(const Value& status) {
    return made(
        {{"name", at(status, {"name"})},
         {"container", at(status, {"container"})},
         {"current", made({{"averageValue", quantity(at(status, {"currentAverageValue"}))},
                           {"averageUtilization", at(status, {"currentAverageUtilization"})}})}});
}

Value external_status_to_hub(const Value& status) {
    return made({{"metric", metric_name(status, "metricSelector")},
                 {"current", made({{"value", quantity(at(status, {"currentValue"}))},
                                   {"averageValue", at(status, {"currentAverageValue"})}})}});
}

template <class Change>
void replace(Value& metric, Bytes name, Change&& change) {
    if (auto* source = member(metric, name)) *source = change(*source);
}

}  // namespace

Value metric_to_hub(const Value& old, Context& context) {
    Value metric = old;
    replace(metric, "object", [&](const Value& one) { return object_to_hub(one, context); });
    replace(metric, "pods", pods_to_hub);
    replace(metric, "resource", resource_to_hub);
    replace(metric, "containerResource", resource_to_hub);
    replace(metric, "external", external_to_hub);
    return metric;
}

Value metric_status_to_hub(const Value& old) {
    Value metric = old;
    replace(metric, "object", object_status_to_hub);
    replace(metric, "pods", pods_status_to_hub);
    replace(metric, "resource", resource_status_to_hub);
    replace(metric, "containerResource", resource_status_to_hub);
    replace(metric, "external", external_status_to_hub);
    return metric;
}

Value metric_from_hub(const Value& metric) {
    return from_hub(metric, source_words);
}

Value metric_status_from_hub(const Value& metric) {
    return from_hub(metric, status_words);
}

}  // namespace salvor::convert
