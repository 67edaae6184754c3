#include <algorithm>
#include <array>
#include <tuple>

#include "core/cluster/describe/pods.hpp"
#include "core/cluster/describe/volumes.hpp"

// What keeps pods running.

namespace salvor::describe {
namespace {

constexpr std::uint8_t daemons_tell_namespace_since = 33;
constexpr std::uint8_t unavailable_ordinals_since = 25;

const Value* template_of(const Value& object) {
    return at(object, "spec.template");
}

void three_conditions(const Subject& subject, Writer& out) {
    static constexpr std::array columns{ConditionColumn{"Type", "type", false, true},
                                        ConditionColumn{"Status", "status"},
                                        ConditionColumn{"Reason", "reason"}};
    conditions(subject, out, columns);
}

// -- Deployment

constexpr std::string_view hash_label = "pod-template-hash";

/// A pod template less the label that tells ReplicaSets apart.
Value without_hash(const Value* made) {
    auto copy = made ? *made : Value{};
    auto* metadata = copy.find("metadata");
    auto* labels = metadata ? metadata->find("labels") : nullptr;
    if (labels) labels->erase(hash_label);
    return copy;
}

struct ReplicaSet {
    std::string created, name, uid, words;
    bool is_current;
};

/// Those of a Deployment, the oldest first.
std::vector<ReplicaSet> replica_sets(const Subject& subject) {
    const auto& deployment = subject.object;
    const auto uid = string_at(deployment, "metadata.uid");
    const auto current = without_hash(template_of(deployment));
    std::vector<ReplicaSet> all;
    subject.around.each_dependent("replicasets.apps", uid, [&](const Value& set) {
        const auto owners = items_at(set, "metadata.ownerReferences");
        const bool is_controlled = std::any_of(owners.begin(), owners.end(), [&](const Value& o) {
            return is_true(o, "controller") && o.text("uid") == uid;
        });
        if (!is_controlled ||
            string_at(set, "metadata.namespace") != string_at(deployment, "metadata.namespace") ||
            !selects(at(deployment, "spec.selector"), at(set, "metadata.labels")))
            return;
        const auto name = text_at(set, "metadata.name");
        all.push_back(
            {text_at(set, "metadata.creationTimestamp"), name, text_at(set, "metadata.uid"),
             fmt::format("{} ({}/{} replicas created)", name, number_at(set, "status.replicas"),
                         number_at(set, "spec.replicas")),
             without_hash(template_of(set)) == current});
    });
    std::stable_sort(all.begin(), all.end(), [](const ReplicaSet& a, const ReplicaSet& b) {
        return std::tie(a.created, a.name) < std::tie(b.created, b.name);
    });
    return all;
}

void tell_replica_sets(const Subject& subject, Writer& out) {
    const auto all = replica_sets(subject);
    if (all.empty()) return;
    const auto current =
        std::find_if(all.begin(), all.end(), [](const ReplicaSet& set) { return set.is_current; });
    std::vector<std::string> old;
    for (auto at = all.begin(); at != all.end(); ++at) {
        if (at != current) old.push_back(at->words);
    }
    out.write(0, "OldReplicaSets:\t{}\n", or_none(table::join(old, ", ")));
    out.write(0, "NewReplicaSet:\t{}\n", current == all.end() ? "<none>" : current->words);
}

void describe_deployment(const Subject& subject, Writer& out) {
    const auto& object = subject.object;
    name_and_namespace(subject, out);
    created(subject, out);
    labels_and_annotations(subject, out);
    out.write(0, "Selector:\t{}\n", bare_selector_at(object, "spec.selector"));
    out.write(0, "Replicas:\t{} desired | {} updated | {} total | {} available | {} unavailable\n",
              number_at(object, "spec.replicas"), number_at(object, "status.updatedReplicas"),
              number_at(object, "status.replicas"), number_at(object, "status.availableReplicas"),
              number_at(object, "status.unavailableReplicas"));
    out.write(0, "StrategyType:\t{}\n", text_at(object, "spec.strategy.type"));
    out.write(0, "MinReadySeconds:\t{}\n", number_at(object, "spec.minReadySeconds"));
    if (has(object, "spec.strategy.rollingUpdate")) {
        out.write(0, "RollingUpdateStrategy:\t{} max unavailable, {} max surge\n",
                  text_at(object, "spec.strategy.rollingUpdate.maxUnavailable"),
                  text_at(object, "spec.strategy.rollingUpdate.maxSurge"));
    }
    pod_template(subject, out, template_of(object));
    three_conditions(subject, out);
    tell_replica_sets(subject, out);
}

// -- ReplicaSet, ReplicationController

void replicas_and_below(const Subject& subject, Writer& out, const Value* selector) {
    const auto& object = subject.object;
    out.write(0, "Replicas:\t{} current / {} desired\n", number_at(object, "status.replicas"),
              number_at(object, "spec.replicas"));
    out.write(0, "Pods Status:\t{}\n", pods_of_controller(subject, selector));
    pod_template(subject, out, template_of(object));
    three_conditions(subject, out);
}

void describe_replica_set(const Subject& subject, Writer& out) {
    name_and_namespace(subject, out);
    out.write(0, "Selector:\t{}\n", selector_at(subject.object, "spec.selector"));
    labels_and_annotations(subject, out);
    controller(subject, out);
    replicas_and_below(subject, out, at(subject.object, "spec.selector"));
}

void describe_replication_controller(const Subject& subject, Writer& out) {
    name_and_namespace(subject, out);
    out.write(0, "Selector:\t{}\n", pairs_at(subject.object, "spec.selector"));
    labels_and_annotations(subject, out);
    Value selector = Value::object();
    if (const auto* pairs = at(subject.object, "spec.selector"))
        selector.set("matchLabels", *pairs);
    replicas_and_below(subject, out, &selector);
}

// -- StatefulSet

void claim_templates(const Value& object, Writer& out) {
    const auto all = items_at(object, "spec.volumeClaimTemplates");
    if (all.empty()) return out.write(0, "Volume Claims:\t<none>\n");
    out.write(0, "Volume Claims:\n");
    for (const auto& claim : all) {
        out.write(1, "Name:\t{}\n", text_at(claim, "metadata.name"));
        out.write(1, "StorageClass:\t{}\n", claim_class(claim));
        labels(out, "Labels", at(claim, "metadata.labels"), "  ");
        labels(out, "Annotations", at(claim, "metadata.annotations"), "  ");
        const auto capacity = text_at(claim, "spec.resources.requests.storage");
        out.write(1, "Capacity:\t{}\n", capacity.empty() ? "<default>" : capacity);
        out.write(1, "Access Modes:\t{}\n", bracketed_at(claim, "spec.accessModes"));
    }
}

void describe_stateful_set(const Subject& subject, Writer& out) {
    const auto& object = subject.object;
    name_and_namespace(subject, out);
    created(subject, out);
    out.write(0, "Selector:\t{}\n", bare_selector_at(object, "spec.selector"));
    labels_and_annotations(subject, out);
    out.write(0, "Replicas:\t{} desired | {} total\n", number_at(object, "spec.replicas"),
              number_at(object, "status.replicas"));
    out.write(0, "Update Strategy:\t{}\n", text_at(object, "spec.updateStrategy.type"));
    const auto* rolling = at(object, "spec.updateStrategy.rollingUpdate");
    if (rolling && has(*rolling, "partition")) {
        out.write(1, "Partition:\t{}\n", number_at(*rolling, "partition"));
        if (has(*rolling, "maxUnavailable") && subject.release >= unavailable_ordinals_since)
            out.write(1, "MaxUnavailable:\t{}\n", text_at(*rolling, "maxUnavailable"));
    }
    out.write(0, "Pods Status:\t{}\n", pods_of_controller(subject, at(object, "spec.selector")));
    pod_template(subject, out, template_of(object));
    claim_templates(object, out);
}

// -- DaemonSet

void describe_daemon_set(const Subject& subject, Writer& out) {
    const auto& object = subject.object;
    name(subject, out);
    if (subject.release >= daemons_tell_namespace_since)
        out.write(0, "Namespace:\t{}\n", text_at(object, "metadata.namespace"));
    out.write(0, "Selector:\t{}\n", bare_selector_at(object, "spec.selector"));
    out.write(0, "Node-Selector:\t{}\n", pairs_at(object, "spec.template.spec.nodeSelector"));
    labels_and_annotations(subject, out);
    static constexpr std::array counts{
        std::pair{"Desired Number of Nodes Scheduled", "status.desiredNumberScheduled"},
        std::pair{"Current Number of Nodes Scheduled", "status.currentNumberScheduled"},
        std::pair{"Number of Nodes Scheduled with Up-to-date Pods",
                  "status.updatedNumberScheduled"},
        std::pair{"Number of Nodes Scheduled with Available Pods", "status.numberAvailable"},
        std::pair{"Number of Nodes Misscheduled", "status.numberMisscheduled"}};
    for (const auto& [title, path] : counts)
        out.write(0, "{}: {}\n", title, number_at(object, path));
    out.write(0, "Pods Status:\t{}\n", pods_of_controller(subject, at(object, "spec.selector")));
    pod_template(subject, out, template_of(object));
}

}  // namespace

std::span<const Kind> workloads() {
    static constexpr std::array kinds{
        Kind{"apps", "Deployment", describe_deployment},
        Kind{"apps", "ReplicaSet", describe_replica_set},
        Kind{"", "ReplicationController", describe_replication_controller},
        Kind{"apps", "StatefulSet", describe_stateful_set},
        Kind{"apps", "DaemonSet", describe_daemon_set},
    };
    return kinds;
}

}  // namespace salvor::describe
