#include <array>

#include "core/cluster/describe/parts.hpp"
#include "formats/text/go_quote.hpp"

// HorizontalPodAutoscaler, of autoscaling/v2 and v1.

namespace salvor::describe {
namespace {

std::string quoted(std::string_view text) {
    std::string out;
    text::append_go_quoted(out, text);
    return out;
}

/// One metric, and what was last measured of it.
class Metric {
 public:
    Metric(const Value& spec, const Value* current) : type_(spec.text("type")) {
        static constexpr std::array members{
            std::pair{"External", "external"}, std::pair{"Pods", "pods"},
            std::pair{"Object", "object"}, std::pair{"Resource", "resource"},
            std::pair{"ContainerResource", "containerResource"}};
        for (const auto& [type, member] : members) {
            if (type_ != type) continue;
            source_ = spec.find(member);
            current_ = current ? current->find(member) : nullptr;
            if (current_ && !current_->is_object()) current_ = nullptr;
        }
    }

    void write(Writer& out) const {
        if (!source_) return out.write(1, "<unknown metric type {}>\n", quoted(type_));
        const auto metric = quoted(text_at(*source_, "metric.name"));
        if (type_ == "External") {
            value(out, metric + " ", has(*source_, "target.averageValue"));
        } else if (type_ == "Pods") {
            out.write(1, "{} on pods:\t{} / {}\n", metric, current("averageValue"),
                      target("averageValue"));
        } else if (type_ == "Object") {
            const auto where = fmt::format("\"{}\" on {}/{} ", text_at(*source_, "metric.name"),
                                           text_at(*source_, "describedObject.kind"),
                                           text_at(*source_, "describedObject.name"));
            value(out, where, text_at(*source_, "target.type") == "AverageValue");
        } else {
            resource(out);
        }
    }

 private:
    /// A pointer to a Quantity, as Go prints it.
    std::string target(std::string_view field) const {
        const auto text = text_at(*source_, fmt::format("target.{}", field));
        return text.empty() ? "<nil>" : text;
    }
    std::string current(std::string_view field) const {
        if (!current_) return "<unknown>";
        const auto text = text_at(*current_, fmt::format("current.{}", field));
        return text.empty() ? "<nil>" : text;
    }
    void value(Writer& out, std::string_view what, bool is_average) const {
        const auto* field = is_average ? "averageValue" : "value";
        auto now = current(field);
        if (type_ == "External" && is_average && now == "<nil>") now = "<unknown>";
        out.write(1, "{}(target {}value):\t{} / {}\n", what, is_average ? "average " : "", now,
                  target(field));
    }
    void resource(Writer& out) const {
        out.write(1, "resource {}", source_->text("name"));
        if (type_ == "ContainerResource")
            out.write(0, " of container \"{}\"", source_->text("container"));
        out.write(0, " on pods");
        if (has(*source_, "target.averageValue"))
            return out.write(0, ":\t{} / {}\n", current("averageValue"), target("averageValue"));
        std::string now = "<unknown>";
        if (current_ && has(*current_, "current.averageUtilization")) {
            now = fmt::format("{}% ({})", text_at(*current_, "current.averageUtilization"),
                              current("averageValue"));
        }
        const bool is_set = has(*source_, "target.averageUtilization");
        out.write(1, "(as a percentage of request):\t{} / {}\n", now,
                  is_set ? target("averageUtilization") + "%" : "<auto>");
    }

    std::string_view type_;
    const Value* source_ = nullptr;
    const Value* current_ = nullptr;
};

void direction(Writer& out, std::string_view title, const Value* rules) {
    if (!rules || !rules->is_object()) return;
    out.write(1, "{}:\n", title);
    if (has(*rules, "stabilizationWindowSeconds")) {
        out.write(2, "Stabilization Window: {} seconds\n",
                  text_at(*rules, "stabilizationWindowSeconds"));
    }
    const auto policies = items_at(*rules, "policies");
    if (policies.empty()) return;
    const auto select = text_at(*rules, "selectPolicy");
    out.write(2, "Select Policy: {}\n", select.empty() ? "Max" : select);
    out.write(2, "Policies:\n");
    for (const auto& policy : policies) {
        out.write(3, "- Type: {}\tValue: {}\tPeriod: {} seconds\n", policy.text("type"),
                  number_at(policy, "value"), number_at(policy, "periodSeconds"));
    }
}

/// Of autoscaling/v1, which knows but one metric.
void processor_use(const Value& autoscaler, Writer& out) {
    if (!has(autoscaler, "spec.targetCPUUtilizationPercentage")) return;
    const auto current = text_at(autoscaler, "status.currentCPUUtilizationPercentage");
    out.write(0, "Target CPU utilization:\t{}%\n",
              text_at(autoscaler, "spec.targetCPUUtilizationPercentage"));
    out.write(0, "Current CPU utilization:\t{}%\n", current.empty() ? "<unknown>" : current);
}

void metrics(const Value& autoscaler, Writer& out) {
    out.write(0, "Metrics:\t( current / target )\n");
    const auto specs = items_at(autoscaler, "spec.metrics");
    const auto current = items_at(autoscaler, "status.currentMetrics");
    for (std::size_t i = 0; i < specs.size(); ++i)
        Metric(specs[i], i < current.size() ? &current[i] : nullptr).write(out);
}

void describe_autoscaler(const Subject& subject, Writer& out) {
    const auto& object = subject.object;
    const bool is_v1 = object.text("apiVersion") == "autoscaling/v1";
    const auto target = text_at(object, "spec.scaleTargetRef.kind");
    name_and_namespace(subject, out);
    labels_and_annotations(subject, out);
    created(subject, out);
    out.write(0, "Reference:\t{}/{}\n", target, text_at(object, "spec.scaleTargetRef.name"));
    if (is_v1) {
        processor_use(object, out);
    } else {
        metrics(object, out);
    }
    out.write(0, "Min replicas:\t{}\n", or_unset(text_at(object, "spec.minReplicas")));
    out.write(0, "Max replicas:\t{}\n", number_at(object, "spec.maxReplicas"));
    if (const auto* behavior = at(object, "spec.behavior"); behavior && !is_v1) {
        out.write(0, "Behavior:\n");
        direction(out, "Scale Up", behavior->find("scaleUp"));
        direction(out, "Scale Down", behavior->find("scaleDown"));
    }
    out.write(0, "{} pods:\t{} current / {} desired\n", target,
              number_at(object, "status.currentReplicas"),
              number_at(object, "status.desiredReplicas"));
    static constexpr std::array columns{
        ConditionColumn{"Type", "type"}, ConditionColumn{"Status", "status"},
        ConditionColumn{"Reason", "reason"}, ConditionColumn{"Message", "message"}};
    if (!is_v1) conditions(subject, out, columns);
}

}  // namespace

std::span<const Kind> scaling() {
    static constexpr std::array kinds{
        Kind{"autoscaling", "HorizontalPodAutoscaler", describe_autoscaler}};
    return kinds;
}

}  // namespace salvor::describe
