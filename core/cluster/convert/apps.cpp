#include <array>
#include <charconv>
#include <optional>

#include "core/cluster/convert/conversion.hpp"

// The hub is apps/v1, in which annotations hold what it has no field for.

namespace salvor::convert {
namespace {

constexpr Bytes rollback_annotation = "deprecated.deployment.rollback.to";
constexpr Bytes generation_annotation = "deprecated.daemonset.template.generation";

std::optional<std::int64_t> parsed(Bytes text) {
    std::int64_t value = 0;
    const auto* begin = text.starts_with('+') ? text.data() + 1 : text.data();
    const auto* end = text.data() + text.size();
    const auto found = std::from_chars(begin, end, value);
    if (found.ec != std::errc{} || found.ptr != end) return std::nullopt;
    return value;
}

void annotate_number(Value& object, Bytes name, std::int64_t value, Context& context) {
    annotate(object, name, context.keep(std::to_string(value)));
}

/// Numbers that have no default in the version and are no pointers within a server.
void numbers(Value& object, Bytes strategy, std::initializer_list<Bytes> names) {
    auto* rolling = member(object, {"spec", strategy, "rollingUpdate"});
    if (!rolling) return;
    for (const auto name : names) set_if_nil(*rolling, name, Value::of(std::int64_t{0}));
}

void deployment_numbers(Value& object) {
    numbers(object, "strategy", {"maxUnavailable", "maxSurge"});
}

void daemon_set_numbers(Value& object, Context& context) {
    constexpr std::uint8_t first_with_surge = 21;
    numbers(object, "updateStrategy", {"maxUnavailable"});
    if (context.release() >= first_with_surge) numbers(object, "updateStrategy", {"maxSurge"});
}

void deployment(Value& object, Context& context) {
    deployment_numbers(object);
    const auto* text = annotation(object, rollback_annotation);
    if (!text) return;
    if (text->string.empty()) return drop_annotation(object, rollback_annotation);
    if (const auto revision = parsed(text->string))
        annotate_number(object, rollback_annotation, *revision, context);
}

void deployment_to_hub(Value& object, Context& context) {
    deployment_numbers(object);
    auto* spec = member(object, "spec");
    auto* rollback = spec ? member(*spec, "rollbackTo") : nullptr;
    if (!rollback) return drop_annotation(object, rollback_annotation);
    annotate_number(object, rollback_annotation, number(*rollback, "revision"), context);
    spec->erase("rollbackTo");
}

void deployment_from_hub(Value& object, Context&) {
    const auto* text = annotation(object, rollback_annotation);
    const auto revision = text ? parsed(text->string) : std::nullopt;
    drop_annotation(object, rollback_annotation);
    if (!revision) return;
    object_at(object, "spec").set("rollbackTo", made({{"revision", Value::of(*revision)}}));
}

void daemon_set(Value& object, Context& context) {
    daemon_set_numbers(object, context);
    const auto* text = annotation(object, generation_annotation);
    const auto generation = text ? parsed(text->string) : std::optional<std::int64_t>(0);
    if (generation) annotate_number(object, generation_annotation, *generation, context);
}

void daemon_set_to_hub(Value& object, Context& context) {
    daemon_set_numbers(object, context);
    auto& spec = object_at(object, "spec");
    annotate_number(object, generation_annotation, number(spec, "templateGeneration"), context);
    spec.erase("templateGeneration");
}

void daemon_set_from_hub(Value& object, Context&) {
    const auto* text = annotation(object, generation_annotation);
    const auto generation = text ? parsed(text->string) : std::nullopt;
    drop_annotation(object, generation_annotation);
    if (generation) object_at(object, "spec").set("templateGeneration", Value::of(*generation));
}

/// Messages within messages have no apiVersion and kind of their own.
void stateful_set(Value& object, Context& context) {
    constexpr std::uint8_t first_to_name_claims = 17;
    if (context.release() < first_to_name_claims) return;
    for (auto& claim : items(object, {"spec", "volumeClaimTemplates"})) {
        claim.set("apiVersion", Value::of(Bytes("v1")));
        claim.set("kind", Value::of(Bytes("PersistentVolumeClaim")));
    }
}

void stateful_set_beta1_to_hub(Value& object, Context&) {
    numbers(object, "updateStrategy", {"partition"});
}

/// Which v1beta1 alone can leave out.
void stateful_set_to_hub(Value& object, Context& context) {
    stateful_set_beta1_to_hub(object, context);
    set_if_nil(object_at(object, "status"), "observedGeneration", Value::of(std::int64_t{0}));
}

constexpr std::array all{
    Conversion{"apps/v1", "Deployment", deployment, nullptr},
    Conversion{"apps/v1beta2", "Deployment", deployment, nullptr},
    Conversion{"apps/v1beta1", "Deployment", deployment_to_hub, deployment_from_hub},
    Conversion{"extensions/v1beta1", "Deployment", deployment_to_hub, deployment_from_hub},
    Conversion{"apps/v1", "DaemonSet", daemon_set, nullptr},
    Conversion{"apps/v1beta2", "DaemonSet", daemon_set, nullptr},
    Conversion{"extensions/v1beta1", "DaemonSet", daemon_set_to_hub, daemon_set_from_hub},
    Conversion{"apps/v1", "StatefulSet", stateful_set_to_hub, stateful_set},
    Conversion{"apps/v1beta2", "StatefulSet", stateful_set_to_hub, stateful_set},
    Conversion{"apps/v1beta1", "StatefulSet", stateful_set_beta1_to_hub, stateful_set},
};

}  // namespace

std::span<const Conversion> apps_conversions() {
    return all;
}

}  // namespace salvor::convert
