#include "core/cluster/describe/pods.hpp"

#include <algorithm>
#include <array>

#include "core/cluster/describe/quantity.hpp"
#include "core/cluster/describe/volumes.hpp"

namespace salvor::describe {
namespace {

constexpr std::uint8_t ended_pods_keep_status_since = 31;
constexpr std::uint8_t pod_resources_since = 32;
constexpr std::uint8_t scheduling_group_since = 36;
constexpr std::uint8_t templates_are_placed_since = 30;  ///< node selectors and tolerations

void identity(const Subject& subject, Writer& out) {
    const auto& pod = subject.object;
    name_and_namespace(subject, out);
    if (has(pod, "spec.priority")) out.write(0, "Priority:\t{}\n", number_at(pod, "spec.priority"));
    static constexpr std::array optional{std::pair{"Priority Class Name", "spec.priorityClassName"},
                                         std::pair{"Runtime Class Name", "spec.runtimeClassName"},
                                         std::pair{"Service Account", "spec.serviceAccountName"}};
    for (const auto& [title, path] : optional) {
        if (const auto text = text_at(pod, path); !text.empty())
            out.write(0, "{}:\t{}\n", title, text);
    }
    const auto node = text_at(pod, "spec.nodeName");
    out.write(0, "Node:\t{}\n",
              node.empty() ? "<none>" : fmt::format("{}/{}", node, text_at(pod, "status.hostIP")));
    if (has(pod, "status.startTime"))
        out.write(0, "Start Time:\t{}\n", date_at(pod, "status.startTime"));
    labels_and_annotations(subject, out);
}

void status(const Subject& subject, Writer& out) {
    const auto& pod = subject.object;
    const auto phase = text_at(pod, "status.phase");
    const bool has_ended = phase == "Failed" || phase == "Succeeded";
    if (table::is_deleting(pod) &&
        !(has_ended && subject.release >= ended_pods_keep_status_since)) {
        out.write(0, "Status:\tTerminating (lasts {})\n",
                  age(subject, at(pod, "metadata.deletionTimestamp")));
        out.write(0, "Termination Grace Period:\t{}s\n",
                  number_at(pod, "metadata.deletionGracePeriodSeconds"));
    } else {
        out.write(0, "Status:\t{}\n", phase);
    }
    for (const auto& [title, path] :
         {std::pair{"Reason", "status.reason"}, std::pair{"Message", "status.message"}}) {
        if (const auto text = text_at(pod, path); !text.empty())
            out.write(0, "{}:\t{}\n", title, text);
    }
    if (has(pod, "spec.securityContext.seccompProfile")) {
        const auto type = text_at(pod, "spec.securityContext.seccompProfile.type");
        out.write(0, "SeccompProfile:\t{}\n", type);
        if (type == "Localhost")
            out.write(0, "LocalhostProfile:\t{}\n",
                      text_at(pod, "spec.securityContext.seccompProfile.localhostProfile"));
    }
}

void addresses(const Subject& subject, Writer& out) {
    const auto& pod = subject.object;
    out.write(0, "IP:\t{}\n", text_at(pod, "status.podIP"));
    const auto all = items_at(pod, "status.podIPs");
    out.write(0, "IPs:{}\n", all.empty() ? "\t<none>" : "");
    for (const auto& one : all) out.write(1, "IP:\t{}\n", one.text("ip"));
    controller(subject, out);
    if (const auto node = text_at(pod, "status.nominatedNodeName"); !node.empty())
        out.write(0, "NominatedNodeName:\t{}\n", node);
    const auto* wanted = at(pod, "spec.resources");
    if (!wanted || !wanted->is_object() || subject.release < pod_resources_since) return;
    out.write(0, "Resources:\n");
    resources(out, *wanted, 1);
}

void all_containers(const Subject& subject, Writer& out) {
    struct List {
        std::string_view title, path, statuses;
    };
    static constexpr std::array lists{
        List{"Init Containers", "spec.initContainers", "status.initContainerStatuses"},
        List{"Containers", "spec.containers", "status.containerStatuses"},
        List{"Ephemeral Containers", "spec.ephemeralContainers",
             "status.ephemeralContainerStatuses"}};
    for (const auto& list : lists) {
        const auto found = items_at(subject.object, list.path);
        if (found.empty() && list.title != "Containers") continue;
        containers(subject, out, list.title, found, &subject.object, list.statuses, "");
    }
}

void gates_and_conditions(const Value& pod, Writer& out) {
    const auto gates = items_at(pod, "spec.readinessGates");
    if (!gates.empty()) out.write(0, "Readiness Gates:\n  Type\tStatus\n");
    for (const auto& gate : gates) {
        const auto type = gate.text("conditionType");
        const auto* condition = table::condition_of(pod, type);
        out.write(1, "{} \t{} \n", type, condition ? condition->text("status") : "<none>");
    }
    const auto conditions = items_at(pod, "status.conditions");
    if (!conditions.empty()) out.write(0, "Conditions:\n  Type\tStatus\n");
    for (const auto& condition : conditions)
        out.write(1, "{} \t{} \n", condition.text("type"), condition.text("status"));
}

/// What a server would have put into status.qosClass.
/// Source: kubectl pkg/util/qos/qos.go ComputePodQOS
class QualityOfService {
 public:
    explicit QualityOfService(const Value& pod) {
        const auto* own = at(pod, "spec.resources");
        if (own && own->is_object()) {
            add(*own);
            return;
        }
        static const Value empty{};
        for (const std::string_view path : {"spec.containers", "spec.initContainers"}) {
            for (const auto& container : items_at(pod, path)) {
                const auto* wanted = container.find("resources");
                add(wanted ? *wanted : empty);
            }
        }
    }
    std::string_view text() const {
        if (requests_.empty() && limits_.empty()) return "BestEffort";
        const bool alike = std::all_of(requests_.begin(), requests_.end(), [&](const auto& one) {
            const auto limit = limits_.find(one.first);
            return limit != limits_.end() && limit->second.compare(one.second) == 0;
        });
        return is_bounded_ && alike && requests_.size() == limits_.size() ? "Guaranteed"
                                                                          : "Burstable";
    }

 private:
    void add(const Value& wanted) {
        take(wanted.find("requests"), requests_);
        const auto found = take(wanted.find("limits"), limits_);
        is_bounded_ = is_bounded_ && found == 2;
    }
    /// How many of cpu and memory are above zero.
    static std::size_t take(const Value* list, Quantities& sums) {
        std::size_t found = 0;
        for (const std::string_view name : {"cpu", "memory"}) {
            const auto amount = Quantity::of(list ? list->find(name) : nullptr);
            if (!(amount > Quantity{})) continue;
            ++found;
            add_to(sums, name, amount);
        }
        return found;
    }

    Quantities requests_, limits_;
    bool is_bounded_ = true;
};

void describe_pod(const Subject& subject, Writer& out) {
    const auto& pod = subject.object;
    static const Value no_spec{};
    const auto* spec = pod.find("spec");
    if (!spec) spec = &no_spec;
    identity(subject, out);
    status(subject, out);
    addresses(subject, out);
    all_containers(subject, out);
    gates_and_conditions(pod, out);
    volumes(subject, out, *spec, "");
    const auto quality = text_at(pod, "status.qosClass");
    out.write(0, "QoS Class:\t{}\n", quality.empty() ? QualityOfService(pod).text() : quality);
    labels(out, "Node-Selectors", spec->find("nodeSelector"));
    tolerations(out, "Tolerations", *spec);
    spread_constraints(out, "", *spec);
    scheduling_group(subject, out, "", *spec);
}

}  // namespace

void tolerations(Writer& out, std::string_view title, const Value& pod_spec) {
    std::vector<const Value*> all;
    for (const auto& one : items_at(pod_spec, "tolerations")) all.push_back(&one);
    std::stable_sort(all.begin(), all.end(), [](const Value* a, const Value* b) {
        return a->text("key") < b->text("key");
    });
    std::vector<std::string> texts;
    for (const auto* one : all) {
        std::string text(one->text("key"));
        if (const auto value = one->text("value"); !value.empty())
            text += fmt::format("={}", value);
        if (const auto effect = one->text("effect"); !effect.empty())
            text += fmt::format(":{}", effect);
        if (one->text("operator") == "Exists" && one->text("value").empty())
            text += text.empty() ? "op=Exists" : " op=Exists";
        if (has(*one, "tolerationSeconds"))
            text += fmt::format(" for {}s", number_at(*one, "tolerationSeconds"));
        texts.push_back(std::move(text));
    }
    lines(out, title, texts);
}

void spread_constraints(Writer& out, std::string_view indent, const Value& pod_spec) {
    std::vector<const Value*> all;
    for (const auto& one : items_at(pod_spec, "topologySpreadConstraints")) all.push_back(&one);
    if (all.empty()) return;
    std::stable_sort(all.begin(), all.end(), [](const Value* a, const Value* b) {
        return a->text("topologyKey") < b->text("topologyKey");
    });
    out.write(0, "{}Topology Spread Constraints:\t", indent);
    for (const auto* one : all) {
        if (one != all.front()) out.write(0, "{}\t", indent);
        out.write(0, "{}:{} when max skew {} is exceeded", one->text("topologyKey"),
                  one->text("whenUnsatisfiable"), number_at(*one, "maxSkew"));
        if (has(*one, "labelSelector"))
            out.write(0, " for selector {}", selector_at(*one, "labelSelector"));
        out.write(0, "\n");
    }
}

void scheduling_group(const Subject& subject, Writer& out, std::string_view indent,
                      const Value& pod_spec) {
    if (!has(pod_spec, "schedulingGroup") || subject.release < scheduling_group_since) return;
    out.write(0, "{}SchedulingGroup:\n", indent);
    out.write(1, "PodGroupName:\t{}\n", text_at(pod_spec, "schedulingGroup.podGroupName"));
}

void pod_template(const Subject& subject, Writer& out, const Value* made) {
    out.write(0, "Pod Template:\n");
    if (!made || !made->is_object()) return out.write(1, "<unset>");
    labels(out, "  Labels", at(*made, "metadata.labels"));
    if (const auto* found = at(*made, "metadata.annotations"); found && !found->members.empty())
        annotations(out, "  Annotations", found);
    static const Value no_spec{};
    const auto* spec = made->find("spec");
    if (!spec) spec = &no_spec;
    if (const auto account = spec->text("serviceAccountName"); !account.empty())
        out.write(1, "Service Account:\t{}\n", account);
    if (const auto init = items_at(*spec, "initContainers"); !init.empty())
        containers(subject, out, "Init Containers", init, nullptr, {}, "  ");
    containers(subject, out, "Containers", items_at(*spec, "containers"), nullptr, {}, "  ");
    volumes(subject, out, *spec, "  ");
    spread_constraints(out, "  ", *spec);
    if (const auto priority = spec->text("priorityClassName"); !priority.empty())
        out.write(1, "Priority Class Name:\t{}\n", priority);
    if (subject.release < templates_are_placed_since) return;
    labels(out, "  Node-Selectors", spec->find("nodeSelector"));
    tolerations(out, "  Tolerations", *spec);
    scheduling_group(subject, out, "  ", *spec);
}

std::string pods_of_controller(const Subject& subject, const Value* selector) {
    static constexpr std::array phases{"Running", "Pending", "Succeeded", "Failed"};
    std::array<std::size_t, phases.size()> counts{};
    const auto uid = string_at(subject.object, "metadata.uid");
    const auto home = string_at(subject.object, "metadata.namespace");
    subject.around.each_dependent("pods", uid, [&](const Value& pod) {
        if (string_at(pod, "metadata.namespace") != home ||
            !selects(selector, at(pod, "metadata.labels")))
            return;
        for (const auto& owner : items_at(pod, "metadata.ownerReferences")) {
            if (!is_true(owner, "controller")) continue;
            if (owner.text("uid") != uid) return;
            for (std::size_t i = 0; i < phases.size(); ++i)
                counts[i] += text_at(pod, "status.phase") == phases[i] ? 1 : 0;
            return;
        }
    });
    return fmt::format("{} Running / {} Waiting / {} Succeeded / {} Failed", counts[0], counts[1],
                       counts[2], counts[3]);
}

std::span<const Kind> pods() {
    static constexpr std::array kinds{Kind{"", "Pod", describe_pod, Events::of_any_kind}};
    return kinds;
}

}  // namespace salvor::describe
