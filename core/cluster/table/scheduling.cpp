#include <fmt/format.h>

#include <array>

#include "core/cluster/table/cells.hpp"

// How many, how important, how fast: scaling, disruption, priority.

namespace salvor::table {
namespace {

using kube::Value;

// -- HorizontalPodAutoscaler

/// A pointer to a Quantity, as Go prints it.
std::string quantity(const Value* value) {
    return value && !value->is_null() ? text_of(value) : "<nil>";
}

/// How full it is against how full it should be: of one metric.
class Metric {
 public:
    Metric(const Value& spec, const Value* status) : spec_(spec) {
        const auto type = spec.text("type");
        for (const auto& [name, member] : members) {
            if (type != name) continue;
            source_ = spec.find(member);
            const auto* found = status ? status->find(member) : nullptr;
            current_ = found && found->is_object() ? found->find("current") : nullptr;
            is_known_ = found && found->is_object();
        }
    }

    std::string text(std::uint8_t release) const {
        if (!source_) return "<unknown type>";
        const auto type = spec_.text("type");
        if (type == "Pods") return current("averageValue") + "/" + target("averageValue");
        if (type == "External" || type == "Object") return average_or_value();
        constexpr std::uint8_t names_resource_since = 30;
        const auto named = release >= names_resource_since
                               ? fmt::format("{}: ", source_->text("name"))
                               : std::string{};
        return named + resource();
    }

 private:
    bool has_target(std::string_view field) const {
        const auto* target = source_->find("target");
        return target && has(*target, field);
    }
    std::string target(std::string_view field) const {
        const auto* target = source_->find("target");
        return quantity(target ? target->find(field) : nullptr);
    }
    std::string current(std::string_view field) const {
        return is_known_ ? quantity(current_ ? current_->find(field) : nullptr) : "<unknown>";
    }
    /// The same, but unknown where the field is absent.
    std::string current_if_set(std::string_view field) const {
        return current_ && has(*current_, field) ? current(field) : "<unknown>";
    }
    std::string average_or_value() const {
        if (!has_target("averageValue")) return current("value") + "/" + target("value");
        return current_if_set("averageValue") + "/" + target("averageValue") + " (avg)";
    }
    std::string resource() const {
        if (has_target("averageValue"))
            return current("averageValue") + "/" + target("averageValue");
        const auto percent = [](std::string text) { return text + (text[0] == '<' ? "" : "%"); };
        return percent(current_if_set("averageUtilization")) + "/" +
               (has_target("averageUtilization") ? percent(target("averageUtilization"))
                                                 : "<auto>");
    }

    static constexpr std::array members{
        std::pair{"External", "external"}, std::pair{"Pods", "pods"}, std::pair{"Object", "object"},
        std::pair{"Resource", "resource"}, std::pair{"ContainerResource", "containerResource"}};
    const Value& spec_;
    const Value* source_ = nullptr;
    const Value* current_ = nullptr;
    bool is_known_ = false;
};

std::string scale_target(const Subject& subject, std::string_view path) {
    const auto* target = at(subject.object, path);
    return target ? fmt::format("{}/{}", target->text("kind"), target->text("name")) : "/";
}
std::string metrics(const Subject& subject, std::string_view) {
    const auto specs = items_at(subject.object, "spec.metrics");
    const auto statuses = items_at(subject.object, "status.currentMetrics");
    if (specs.empty()) return "<none>";
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < specs.size(); ++i) {
        const auto* status = i < statuses.size() ? &statuses[i] : nullptr;
        parts.push_back(Metric(specs[i], status).text(subject.release));
    }
    return first_of_many(parts, 2, ", ");
}

constexpr Column autoscaler[] = {
    {"NAME", name},
    {"REFERENCE", scale_target, "spec.scaleTargetRef"},
    {"TARGETS", metrics},
    {"MINPODS", set_or_unset, "spec.minReplicas"},
    {"MAXPODS", number_at, "spec.maxReplicas"},
    {"REPLICAS", number_at, "status.currentReplicas"},
    {"AGE", age_at, created},
};

// -- PodDisruptionBudget, PriorityClass, RuntimeClass

std::string value_or_not(const Subject& subject, std::string_view path) {
    return has(subject.object, path) ? text_at(subject, path) : "N/A";
}
constexpr Column disruption_budget[] = {
    {"NAME", name},
    {"MIN AVAILABLE", value_or_not, "spec.minAvailable"},
    {"MAX UNAVAILABLE", value_or_not, "spec.maxUnavailable"},
    {"ALLOWED DISRUPTIONS", number_at, "status.disruptionsAllowed"},
    {"AGE", age_at, created},
};

constexpr Column priority_class[] = {
    {"NAME", name},
    {"VALUE", number_at, "value"},
    {"GLOBAL-DEFAULT", truth_at, "globalDefault"},
    {"AGE", age_at, created},
    {.header = "PREEMPTIONPOLICY", .cell = text_at, .path = "preemptionPolicy", .since = 32},
};

std::string runtime_handler(const Subject& subject, std::string_view) {
    const auto handler = text_at(subject, "handler");
    return handler.empty() ? text_at(subject, "spec.runtimeHandler") : handler;  // v1alpha1
}
constexpr Column runtime_class[] = {
    {"NAME", name},
    {"HANDLER", runtime_handler},
    {"AGE", age_at, created},
};

// -- flowcontrol.apiserver.k8s.io

std::string missing_level(const Subject& subject, std::string_view) {
    const auto* dangling = condition_of(subject.object, "Dangling");
    return dangling ? std::string(dangling->text("status")) : "?";
}
std::string distinguisher(const Subject& subject, std::string_view path) {
    return has(subject.object, path) ? text_at(subject, "spec.distinguisherMethod.type") : "<none>";
}
/// Source: kubernetes pkg/apis/flowcontrol, apihelpers FlowSchemaSequence
std::string by_precedence(const Subject& subject, std::string_view) {
    return fmt::format("{:020}{}", integer_at(subject.object, "spec.matchingPrecedence"),
                       string_at(subject.object, "metadata.name"));
}
constexpr Column flow_schema[] = {
    {"NAME", name},
    {"PRIORITYLEVEL", text_at, "spec.priorityLevelConfiguration.name"},
    {"MATCHINGPRECEDENCE", number_at, "spec.matchingPrecedence"},
    {"DISTINGUISHERMETHOD", distinguisher, "spec.distinguisherMethod"},
    {"AGE", age_at, created},
    {"MISSINGPL", missing_level},
};

std::string concurrency_shares(const Subject& subject, std::string_view) {
    const auto* limited = at(subject.object, "spec.limited");
    if (!limited || !limited->is_object()) return "<none>";
    const auto* shares = limited->find("nominalConcurrencyShares");
    if (!shares) shares = limited->find("assuredConcurrencyShares");  // to v1beta2
    return shares ? text_of(shares) : "0";
}
std::string queuing(const Subject& subject, std::string_view field) {
    const auto* queuing = at(subject.object, "spec.limited.limitResponse.queuing");
    return queuing && queuing->is_object() ? std::to_string(integer_at(*queuing, field)) : "<none>";
}
constexpr Column priority_level[] = {
    {"NAME", name},
    {"TYPE", text_at, "spec.type"},
    {.header = "ASSUREDCONCURRENCYSHARES", .cell = concurrency_shares, .until = 25},
    {.header = "NOMINALCONCURRENCYSHARES", .cell = concurrency_shares, .since = 26},
    {"QUEUES", queuing, "queues"},
    {"HANDSIZE", queuing, "handSize"},
    {"QUEUELENGTHLIMIT", queuing, "queueLengthLimit"},
    {"AGE", age_at, created},
};

// -- groups of Pods

constexpr Column workload[] = {
    {"NAME", name},
    {"AGE", age_at, created},
};

std::string group_policy(const Subject& subject, std::string_view) {
    return has(subject.object, "spec.schedulingPolicy.gang") ? "Gang" : "Basic";
}
std::string group_workload(const Subject& subject, std::string_view path) {
    if (!has(subject.object, path)) return "<none>";
    return text_at(subject, "spec.podGroupTemplateRef.workload.workloadName");
}
std::string group_status(const Subject& subject, std::string_view) {
    if (const auto* target = condition_of(subject.object, "DisruptionTarget"))
        return std::string(target->text("reason"));
    const auto* scheduled = condition_of(subject.object, "PodGroupScheduled");
    if (!scheduled) return "Pending";
    return scheduled->text("status") == "True" ? "Scheduled" : "Unschedulable";
}
constexpr Column pod_group[] = {
    {"NAME", name},
    {"POLICY", group_policy},
    {"WORKLOAD", group_workload, "spec.podGroupTemplateRef"},
    {"STATUS", group_status},
    {"AGE", age_at, created},
};

constexpr Kind kinds[] = {
    {"autoscaling", "HorizontalPodAutoscaler", autoscaler},
    {"policy", "PodDisruptionBudget", disruption_budget},
    {"scheduling.k8s.io", "PriorityClass", priority_class},
    {"node.k8s.io", "RuntimeClass", runtime_class},
    {"flowcontrol.apiserver.k8s.io", "FlowSchema", flow_schema, by_precedence},
    {"flowcontrol.apiserver.k8s.io", "PriorityLevelConfiguration", priority_level},
    {"scheduling.k8s.io", "Workload", workload},
    {"scheduling.k8s.io", "PodGroup", pod_group},
};

}  // namespace

std::span<const Kind> scheduling() {
    return kinds;
}

}  // namespace salvor::table
