#include "core/cluster/table/pod.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/cluster/table/cells.hpp"

namespace salvor::table {
namespace {

using kube::Value;

// Releases in which an apiserver began to say it in another way.
constexpr std::uint8_t sidecars_since = 28;
constexpr std::uint8_t ended_pods_keep_status_since = 31;
constexpr std::uint8_t error_beats_completed_since = 35;

/// Of a container's state one of the three; nullptr where it is in another.
const Value* state_of(const Value& status, const char* state) {
    const auto* found = status.at({"state", state});
    return found && found->is_object() ? found : nullptr;
}

/// Why a container ended: its reason, else the signal or the exit code.
std::string ending_of(const Value& terminated) {
    const auto reason = terminated.text("reason");
    if (!reason.empty()) return std::string(reason);
    const auto signal = integer_at(terminated, "signal");
    return signal != 0 ? fmt::format("Signal:{}", signal)
                       : fmt::format("ExitCode:{}", integer_at(terminated, "exitCode"));
}

/// Counts restarts and keeps the time of the last.
struct Restarts {
    std::int64_t count = 0;
    std::optional<kube::Instant> last;

    void add(const Value& status) {
        count += integer_at(status, "restartCount");
        const auto ended = time_of(at(status, "lastState.terminated.finishedAt"));
        if (ended && (!last || *last < *ended)) last = ended;
    }
};

class Summary {
 public:
    Summary(const Value& pod, std::uint8_t release) : pod_(pod), release_(release) {}

    PodSummary take() {
        const auto init = items_at(pod_, "spec.initContainers");
        out_.containers =
            items_at(pod_, "spec.containers").size() +
            static_cast<std::size_t>(std::count_if(init.begin(), init.end(), restarts_always));
        out_.status = status_so_far();
        const bool initializing = read_init_containers();
        const bool initialized =
            release_ >= sidecars_since && is_condition_true(pod_, "Initialized");
        if (!initializing || initialized) read_containers();
        if (is_deleting(pod_)) out_.status = status_when_deleting();
        out_.restarts = restarts_.count;
        if (restarts_.count != 0 || release_ < sidecars_since) out_.last_restart = restarts_.last;
        return std::move(out_);
    }

 private:
    static bool restarts_always(const Value& container) {
        return container.text("restartPolicy") == "Always";
    }

    bool is_restartable(std::string_view container) const {
        const auto init = items_at(pod_, "spec.initContainers");
        // Names are unique; in a map the last of two would count.
        const auto found = std::find_if(init.rbegin(), init.rend(), [&](const Value& one) {
            return one.text("name") == container;
        });
        return found != init.rend() && restarts_always(*found);
    }

    std::string status_so_far() const {
        for (const auto& condition : items_at(pod_, "status.conditions")) {
            if (condition.text("type") == "PodScheduled" &&
                condition.text("reason") == "SchedulingGated")
                return "SchedulingGated";
        }
        const auto reason = string_at(pod_, "status.reason");
        return std::string(reason.empty() ? string_at(pod_, "status.phase") : reason);
    }

    /// Whether one of them is still to end.
    bool read_init_containers() {
        const auto statuses = items_at(pod_, "status.initContainerStatuses");
        for (std::size_t i = 0; i < statuses.size(); ++i) {
            const auto& status = statuses[i];
            restarts_.add(status);
            const bool restartable = is_restartable(status.text("name"));
            if (restartable) sidecar_restarts_.add(status);
            const auto* terminated = state_of(status, "terminated");
            if (terminated && integer_at(*terminated, "exitCode") == 0) continue;
            if (restartable && is_true(status, "started")) {
                if (is_true(status, "ready")) ++out_.ready;
                continue;
            }
            out_.status = "Init:" + init_status(status, i);
            return true;
        }
        return false;
    }

    std::string init_status(const Value& status, std::size_t i) const {
        if (const auto* terminated = state_of(status, "terminated")) return ending_of(*terminated);
        const auto* waiting = state_of(status, "waiting");
        const auto reason = waiting ? waiting->text("reason") : std::string_view{};
        if (!reason.empty() && reason != "PodInitializing") return std::string(reason);
        return fmt::format("{}/{}", i, items_at(pod_, "spec.initContainers").size());
    }

    /// From the last to the first, so that the first one's trouble is what is said.
    void read_containers() {
        restarts_.count = sidecar_restarts_.count;
        if (release_ >= sidecars_since) restarts_.last = sidecar_restarts_.last;
        bool running = false;
        std::string error;
        const auto statuses = items_at(pod_, "status.containerStatuses");
        for (auto status = statuses.rbegin(); status != statuses.rend(); ++status) {
            restarts_.add(*status);
            const auto* waiting = state_of(*status, "waiting");
            if (waiting && !waiting->text("reason").empty()) {
                out_.status = waiting->text("reason");
            } else if (const auto* terminated = state_of(*status, "terminated")) {
                out_.status = ending_of(*terminated);
                if (integer_at(*terminated, "exitCode") != 0) error = out_.status;
            } else if (is_true(*status, "ready") && state_of(*status, "running")) {
                running = true;
                ++out_.ready;
            }
        }
        if (out_.status == "Completed") out_.status = status_when_completed(running, error);
    }

    std::string status_when_completed(bool running, const std::string& error) const {
        const auto conditions = items_at(pod_, "status.conditions");
        const bool is_ready = std::any_of(conditions.begin(), conditions.end(), [](const Value& c) {
            return c.text("type") == "Ready" && c.text("status") == "True";
        });
        if (running && is_ready) return "Running";
        if (release_ >= error_beats_completed_since && !error.empty()) return error;
        return running ? "NotReady" : "Completed";
    }

    std::string status_when_deleting() const {
        if (string_at(pod_, "status.reason") == "NodeLost") return "Unknown";
        const auto phase = string_at(pod_, "status.phase");
        const bool ended = phase == "Succeeded" || phase == "Failed";
        return ended && release_ >= ended_pods_keep_status_since ? out_.status : "Terminating";
    }

    const Value& pod_;
    std::uint8_t release_;
    PodSummary out_;
    Restarts restarts_, sidecar_restarts_;
};

}  // namespace

PodSummary summary_of(const Value& pod, std::uint8_t release) {
    return Summary(pod, release).take();
}

}  // namespace salvor::table
