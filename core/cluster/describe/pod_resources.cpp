#include "core/cluster/describe/pod_resources.hpp"

#include <fmt/format.h>

#include "core/cluster/table/cells.hpp"

// Source: component-helpers resource/helpers.go (1.36), kubectl pkg/util/resource/resource.go
// (before)

namespace salvor::describe {
namespace {

using kube::Value;
using table::at;
using table::items_at;

constexpr std::uint8_t sidecars_since = 29;   ///< restartable init containers, states' resources
constexpr std::uint8_t pod_level_since = 36;  ///< spec.resources

struct Rules {
    bool sidecars, states, pod_level;
};

bool is_sidecar(const Value& container) {
    return container.text("restartPolicy") == "Always";
}

bool is_resize_infeasible(const Value& pod) {
    const auto* pending = table::condition_of(pod, "PodResizePending");
    return pending && pending->text("reason") == "Infeasible";
}

/// One of the two lists, requests or limits, of a pod.
class Aggregate {
 public:
    Aggregate(const Value& pod, const Rules& rules, std::string_view list)
        : pod_(pod), rules_(rules), list_(list), are_requests_(list == "requests") {}

    Quantities take() {
        for (const auto& container : items_at(pod_, "spec.containers"))
            add_to(sum_, of_container(container, "status.containerStatuses"));
        Quantities least, sidecars;
        for (const auto& container : items_at(pod_, "spec.initContainers")) {
            auto wanted =
                of_container(container, is_sidecar(container) ? "status.initContainerStatuses"
                                                              : std::string_view{});
            if (rules_.sidecars && is_sidecar(container)) {
                add_to(sum_, wanted);
                add_to(sidecars, wanted);
                wanted = sidecars;
            } else {
                add_to(wanted, sidecars);
            }
            raise_to(least, wanted);
        }
        raise_to(sum_, least);
        if (rules_.pod_level) add_pod_level();
        add_overhead();
        return std::move(sum_);
    }

 private:
    Quantities of_container(const Value& container, std::string_view statuses) const {
        auto wanted = quantities_of(at(container, fmt::format("resources.{}", list_)));
        if (!rules_.states || statuses.empty()) return wanted;
        for (const auto& status : items_at(pod_, statuses)) {
            if (status.text("name") != container.text("name")) continue;
            const auto* actual = status.find("resources");
            if (!actual || !actual->is_object()) continue;
            if (is_resize_infeasible(pod_)) wanted.clear();
            raise_to(wanted, quantities_of(actual->find(list_)));
            if (are_requests_) raise_to(wanted, quantities_of(status.find("allocatedResources")));
        }
        return wanted;
    }

    void add_pod_level() {
        for (const auto& [name, amount] :
             quantities_of(at(pod_, fmt::format("spec.resources.{}", list_)))) {
            if (name == "cpu" || name == "memory" || name.starts_with("hugepages-"))
                sum_[name] = amount;
        }
    }

    void add_overhead() {
        for (const auto& [name, amount] : quantities_of(at(pod_, "spec.overhead"))) {
            const auto found = sum_.find(name);
            const bool is_limited = found != sum_.end() && !found->second.is_zero();
            if (are_requests_ || is_limited) add_to(sum_, name, amount);
        }
    }

    const Value& pod_;
    Rules rules_;
    std::string_view list_;
    bool are_requests_;
    Quantities sum_;
};

PodResources resources_of(const Value& pod, const Rules& rules) {
    return {Aggregate(pod, rules, "requests").take(), Aggregate(pod, rules, "limits").take()};
}

}  // namespace

PodResources shown_resources(const Value& pod, std::uint8_t release) {
    return resources_of(
        pod, {release >= sidecars_since, release >= sidecars_since, release >= pod_level_since});
}
PodResources total_resources(const Value& pod, std::uint8_t release) {
    const bool has_states = release >= sidecars_since && release < pod_level_since;
    return resources_of(pod, {release >= sidecars_since, has_states, release >= pod_level_since});
}

}  // namespace salvor::describe
