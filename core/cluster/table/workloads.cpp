#include <fmt/format.h>

#include <array>

#include "core/cluster/table/cells.hpp"
#include "core/cluster/table/pod.hpp"

namespace salvor::table {
namespace {

using kube::Value;

constexpr auto wide = Width::wide;

// -- Pod

std::string pod_ready(const Subject& subject, std::string_view) {
    const auto summary = summary_of(subject.object, subject.release);
    return fmt::format("{}/{}", summary.ready, summary.containers);
}
std::string pod_status(const Subject& subject, std::string_view) {
    return summary_of(subject.object, subject.release).status;
}
std::string pod_restarts(const Subject& subject, std::string_view) {
    constexpr std::uint8_t says_when_since = 22;
    const auto summary = summary_of(subject.object, subject.release);
    if (!summary.last_restart || subject.release < says_when_since)
        return std::to_string(summary.restarts);
    return fmt::format("{} ({} ago)", summary.restarts,
                       elapsed(*summary.last_restart, subject.now));
}
std::string pod_ip(const Subject& subject, std::string_view) {
    const auto ips = items_at(subject.object, "status.podIPs");
    const auto ip = ips.empty() ? std::string_view{} : ips.front().text("ip");
    return ip.empty() ? "<none>" : std::string(ip);
}
std::string readiness_gates(const Subject& subject, std::string_view) {
    const auto gates = items_at(subject.object, "spec.readinessGates");
    if (gates.empty()) return "<none>";
    std::size_t open = 0;
    for (const auto& gate : gates)
        open += is_condition_true(subject.object, gate.text("conditionType"));
    return fmt::format("{}/{}", open, gates.size());
}

constexpr Column pod[] = {
    {"NAME", name},
    {"READY", pod_ready},
    {"STATUS", pod_status},
    {"RESTARTS", pod_restarts},
    {"AGE", age_at, created},
    {"IP", pod_ip, {}, wide},
    {"NODE", text_or_none, "spec.nodeName", wide},
    {"NOMINATED NODE", text_or_none, "status.nominatedNodeName", wide},
    {"READINESS GATES", readiness_gates, {}, wide},
};

constexpr Column pod_template[] = {
    {"NAME", name},
    {"CONTAINERS", container_names, "template.spec.containers"},
    {"IMAGES", container_images, "template.spec.containers"},
    {"POD LABELS", labels_at, "template.metadata.labels"},
};

// -- what makes Pods

constexpr std::string_view containers = "spec.template.spec.containers";

constexpr Column replication_controller[] = {
    {"NAME", name},
    {"DESIRED", number_at, "spec.replicas"},
    {"CURRENT", number_at, "status.replicas"},
    {"READY", number_at, "status.readyReplicas"},
    {"AGE", age_at, created},
    {"CONTAINERS", container_names, containers, wide},
    {"IMAGES", container_images, containers, wide},
    {"SELECTOR", labels_at, "spec.selector", wide},
};

constexpr Column replica_set[] = {
    {"NAME", name},
    {"DESIRED", number_at, "spec.replicas"},
    {"CURRENT", number_at, "status.replicas"},
    {"READY", number_at, "status.readyReplicas"},
    {"AGE", age_at, created},
    {"CONTAINERS", container_names, containers, wide},
    {"IMAGES", container_images, containers, wide},
    {"SELECTOR", selector_at, "spec.selector", wide},
};

constexpr Column daemon_set[] = {
    {"NAME", name},
    {"DESIRED", number_at, "status.desiredNumberScheduled"},
    {"CURRENT", number_at, "status.currentNumberScheduled"},
    {"READY", number_at, "status.numberReady"},
    {"UP-TO-DATE", number_at, "status.updatedNumberScheduled"},
    {"AVAILABLE", number_at, "status.numberAvailable"},
    {"NODE SELECTOR", labels_at, "spec.template.spec.nodeSelector"},
    {"AGE", age_at, created},
    {"CONTAINERS", container_names, containers, wide},
    {"IMAGES", container_images, containers, wide},
    {"SELECTOR", selector_at, "spec.selector", wide},
};

std::string ready_of_desired(const Subject& subject, std::string_view) {
    return number_at(subject, "status.readyReplicas") + "/" + number_at(subject, "spec.replicas");
}
std::string deployment_selector(const Subject& subject, std::string_view path) {
    return selector_text(at(subject.object, path)).value_or("<invalid>");
}

constexpr Column deployment[] = {
    {"NAME", name},
    {"READY", ready_of_desired},
    {"UP-TO-DATE", number_at, "status.updatedReplicas"},
    {"AVAILABLE", number_at, "status.availableReplicas"},
    {"AGE", age_at, created},
    {"CONTAINERS", container_names, containers, wide},
    {"IMAGES", container_images, containers, wide},
    {"SELECTOR", deployment_selector, "spec.selector", wide},
};

constexpr Column stateful_set[] = {
    {"NAME", name},
    {"READY", ready_of_desired},
    {"AGE", age_at, created},
    {"CONTAINERS", container_names, containers, wide},
    {"IMAGES", container_images, containers, wide},
};

std::string controller(const Subject& subject, std::string_view) {
    for (const auto& owner : items_at(subject.object, "metadata.ownerReferences")) {
        if (!is_true(owner, "controller")) continue;
        const auto api_version = owner.text("apiVersion");
        const auto slash = api_version.find('/');
        const auto group =
            slash == std::string_view::npos ? std::string_view{} : api_version.substr(0, slash);
        return fmt::format("{}{}{}/{}", lower(owner.text("kind")), group.empty() ? "" : ".", group,
                           owner.text("name"));
    }
    return "<none>";
}

constexpr Column controller_revision[] = {
    {"NAME", name},
    {"CONTROLLER", controller},
    {"REVISION", number_at, "revision"},
    {"AGE", age_at, created},
};

// -- batch

std::string job_status(const Subject& subject, std::string_view) {
    constexpr std::uint8_t success_criteria_since = 34;
    const auto& job = subject.object;
    for (const auto* condition : {"Complete", "Failed"}) {
        if (is_condition_true(job, condition)) return condition;
    }
    if (is_deleting(job)) return "Terminating";
    for (const auto* condition : {"Suspended", "FailureTarget"}) {
        if (is_condition_true(job, condition)) return condition;
    }
    const bool met = is_condition_true(job, "SuccessCriteriaMet");
    return met && subject.release >= success_criteria_since ? "SuccessCriteriaMet" : "Running";
}

std::string job_completions(const Subject& subject, std::string_view) {
    const auto& job = subject.object;
    const auto succeeded = integer_at(job, "status.succeeded");
    if (has(job, "spec.completions"))
        return fmt::format("{}/{}", succeeded, integer_at(job, "spec.completions"));
    const auto parallelism = integer_at(job, "spec.parallelism");
    return parallelism > 1 ? fmt::format("{}/1 of {}", succeeded, parallelism)
                           : fmt::format("{}/1", succeeded);
}

std::string job_duration(const Subject& subject, std::string_view) {
    const auto started = time_of(at(subject.object, "status.startTime"));
    if (!started) return {};
    const auto ended = time_of(at(subject.object, "status.completionTime"));
    return ended ? elapsed(*started, *ended) : elapsed(*started, subject.now);
}

constexpr Column job[] = {
    {"NAME", name},
    {.header = "STATUS", .cell = job_status, .since = 30},
    {"COMPLETIONS", job_completions},
    {"DURATION", job_duration},
    {"AGE", age_at, created},
    {"CONTAINERS", container_names, containers, wide},
    {"IMAGES", container_images, containers, wide},
    {"SELECTOR", selector_at, "spec.selector", wide},
};

std::string suspended(const Subject& subject, std::string_view path) {
    if (!has(subject.object, path)) return "<unset>";
    return is_true(subject.object, path) ? "True" : "False";
}
std::string last_schedule(const Subject& subject, std::string_view path) {
    return has(subject.object, path) ? age_at(subject, path) : "<none>";
}

constexpr std::string_view cron_containers = "spec.jobTemplate.spec.template.spec.containers";
constexpr Column cron_job[] = {
    {"NAME", name},
    {"SCHEDULE", text_at, "spec.schedule"},
    {.header = "TIMEZONE", .cell = set_or_none, .path = "spec.timeZone", .since = 30},
    {"SUSPEND", suspended, "spec.suspend"},
    {"ACTIVE", count_at, "status.active"},
    {"LAST SCHEDULE", last_schedule, "status.lastScheduleTime"},
    {"AGE", age_at, created},
    {"CONTAINERS", container_names, cron_containers, wide},
    {"IMAGES", container_images, cron_containers, wide},
    {"SELECTOR", selector_at, "spec.jobTemplate.spec.selector", wide},
};

constexpr Kind kinds[] = {
    {"", "Pod", pod},
    {"", "PodTemplate", pod_template},
    {"", "ReplicationController", replication_controller},
    {"apps", "ReplicaSet", replica_set},
    {"apps", "DaemonSet", daemon_set},
    {"apps", "Deployment", deployment},
    {"apps", "StatefulSet", stateful_set},
    {"apps", "ControllerRevision", controller_revision},
    {"batch", "Job", job},
    {"batch", "CronJob", cron_job},
};

}  // namespace

std::span<const Kind> workloads() {
    return kinds;
}

}  // namespace salvor::table
