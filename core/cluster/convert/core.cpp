#include <array>

#include "core/cluster/convert/conversion.hpp"
#include "formats/kube/special.hpp"

// The core group, and events.k8s.io, whose objects are stored as core's; the hub is v1.

namespace salvor::convert {
namespace {

/// One address or range, and the list that it is the first of.
void first_and_all(Value& object, Bytes one, Bytes all, bool is_object) {
    const auto first = object.text(one);
    auto* list = member(object, all);
    const auto text_of = [&](const Value& item) {
        return is_object ? item.text("ip") : item.string;
    };
    if (list && !list->items.empty() && (first.empty() || first == text_of(list->items.front()))) {
        object.set(one, Value::of(text_of(list->items.front())));
    } else if (!first.empty()) {
        auto item = is_object ? made({{"ip", Value::of(first)}}) : Value::of(first);
        object.set(all, list_of({std::move(item)}));
    }
}

void pod(Value& pod, Context& context) {
    constexpr std::uint8_t grace_release = 27;
    if (auto* status = member(pod, "status")) first_and_all(*status, "podIP", "podIPs", true);
    auto* spec = member(pod, "spec");
    if (!spec) return;
    if (context.release() >= grace_release && number(*spec, "terminationGracePeriodSeconds") < 0)
        spec->set("terminationGracePeriodSeconds", Value::of(std::int64_t{1}));
}

void node(Value& node, Context&) {
    if (auto* spec = member(node, "spec")) first_and_all(*spec, "podCIDR", "podCIDRs", false);
}

/// Text to be stored, which a server stores with the bytes.
void secret(Value& secret, Context& context) {
    auto* texts = member(secret, "stringData");
    if (!texts) return;
    const auto taken = std::move(*texts);
    secret.erase("stringData");
    for (const auto& [name, text] : taken.members)
        object_at(secret, "data").set(name, Value::of(context.keep(kube::base64(text.string))));
}

/// What core's Event calls otherwise than that of events.k8s.io.
constexpr std::array<std::pair<Bytes, Bytes>, 7> event_fields{{
    {"involvedObject", "regarding"},
    {"message", "note"},
    {"source", "deprecatedSource"},
    {"firstTimestamp", "deprecatedFirstTimestamp"},
    {"lastTimestamp", "deprecatedLastTimestamp"},
    {"count", "deprecatedCount"},
    {"reportingComponent", "reportingController"},
}};

void event_to_hub(Value& event, Context&) {
    for (const auto& [core, other] : event_fields) rename(event, other, core);
}
void event_from_hub(Value& event, Context&) {
    for (const auto& [core, other] : event_fields) rename(event, core, other);
}

constexpr std::array all{
    Conversion{"v1", "Pod", pod, nullptr},
    Conversion{"v1", "Node", node, nullptr},
    Conversion{"v1", "Secret", secret, nullptr},
    Conversion{"events.k8s.io/v1", "Event", event_to_hub, event_from_hub},
    Conversion{"events.k8s.io/v1beta1", "Event", event_to_hub, event_from_hub},
};

}  // namespace

std::span<const Conversion> core_conversions() {
    return all;
}

}  // namespace salvor::convert
