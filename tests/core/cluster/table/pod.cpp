#include "core/cluster/table/pod.hpp"

#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "formats/kube/json.hpp"

using namespace salvor;

namespace {

constexpr std::uint8_t newest = 36;

/// A Pod with these members in spec, status and metadata.
table::PodSummary summary(const std::string& spec, const std::string& status,
                          const std::string& metadata = "", std::uint8_t release = newest) {
    kube::Document document;
    const auto text = fmt::format(R"({{"metadata":{{{}}},"spec":{{{}}},"status":{{{}}}}})",
                                  metadata, spec, status);
    auto pod = kube::parse_json(text, document);
    REQUIRE(pod);
    return table::summary_of(*pod, release);
}
std::string status_of(const std::string& spec, const std::string& status,
                      const std::string& metadata = "", std::uint8_t release = newest) {
    return summary(spec, status, metadata, release).status;
}

const std::string two = R"("containers":[{"name":"a"},{"name":"b"}])";
const std::string with_init = two + R"(,"initContainers":[{"name":"i"},{"name":"j"}])";
const std::string with_sidecar =
    two + R"(,"initContainers":[{"name":"i"},{"name":"s","restartPolicy":"Always"}])";
const std::string deleting = R"("deletionTimestamp":"2026-01-01T00:00:00Z")";

std::string containers(const std::string& list) {
    return R"("phase":"Running","containerStatuses":[)" + list + "]";
}
std::string init(const std::string& list) {
    return R"("phase":"Pending","initContainerStatuses":[)" + list + "]";
}
const std::string running = R"({"name":"a","ready":true,"state":{"running":{}}})";

}  // namespace

TEST_CASE("without containers that say more, a Pod's status is its reason, else its phase") {
    CHECK(status_of(two, R"("phase":"Pending")") == "Pending");
    CHECK(status_of(two, R"("phase":"Failed","reason":"Evicted")") == "Evicted");
    CHECK(status_of(two, "").empty());
}

TEST_CASE("a Pod that waits for its gates is SchedulingGated") {
    CHECK(status_of(two, R"("phase":"Pending","conditions":[
        {"type":"PodScheduled","status":"False","reason":"SchedulingGated"}])") ==
          "SchedulingGated");
    CHECK(status_of(two, R"("phase":"Pending","conditions":[
        {"type":"Ready","reason":"SchedulingGated"}])") == "Pending");
}

TEST_CASE("ready counts containers that run and are ready, of those that the spec has") {
    const auto pod = summary(two, containers(running + R"(,{"name":"b","state":{"running":{}}})"));
    CHECK(pod.ready == 1);
    CHECK(pod.containers == 2);
    CHECK(pod.status == "Running");
    CHECK(summary(two, containers(R"({"ready":true,"state":{}})")).ready == 0);
}

TEST_CASE("of containers in trouble the first one's is said") {
    CHECK(status_of(two, containers(R"({"state":{"waiting":{"reason":"ImagePullBackOff"}}},
        {"state":{"terminated":{"reason":"OOMKilled","exitCode":137}}})")) == "ImagePullBackOff");
    CHECK(status_of(two, containers(running + R"(,{"state":{"terminated":{"reason":"Error"}}})")) ==
          "Error");
    CHECK(status_of(two, containers(R"({"state":{"terminated":{"signal":9,"exitCode":1}}})")) ==
          "Signal:9");
    CHECK(status_of(two, containers(R"({"state":{"terminated":{"exitCode":3}}})")) == "ExitCode:3");
    CHECK(status_of(two, containers(R"({"state":{"waiting":{}}})")) == "Running");
}

TEST_CASE("a Pod is not Completed while one of its containers runs") {
    const auto both = R"({"state":{"terminated":{"reason":"Completed","exitCode":0}}},)" + running;
    const std::string ready = R"(,"conditions":[{"type":"Ready","status":"True"}])";
    CHECK(status_of(two, containers(both) + ready) == "Running");
    CHECK(status_of(two, containers(both)) == "NotReady");
    CHECK(status_of(two, containers(R"({"state":{"terminated":{"reason":"Completed"}}})")) ==
          "Completed");
}

TEST_CASE("an error behind a completed container is said since 1.35") {
    const auto both = containers(R"({"state":{"terminated":{"reason":"Completed","exitCode":0}}},
        {"state":{"terminated":{"reason":"OOMKilled","exitCode":137}}})");
    CHECK(status_of(two, both) == "OOMKilled");
    CHECK(status_of(two, both, "", 35) == "OOMKilled");
    CHECK(status_of(two, both, "", 34) == "Completed");
}

TEST_CASE("an init container that has not ended is what a Pod waits for") {
    CHECK(status_of(with_init, init(R"({"name":"i","state":{"running":{}}})")) == "Init:0/2");
    CHECK(status_of(with_init, init(R"({"name":"i","state":{"terminated":{"exitCode":0}}},
        {"name":"j","state":{"waiting":{"reason":"PodInitializing"}}})")) == "Init:1/2");
    CHECK(status_of(with_init, init(R"({"name":"i","state":{"waiting":
        {"reason":"CrashLoopBackOff"}}})")) == "Init:CrashLoopBackOff");
    CHECK(status_of(with_init, init(R"({"name":"i","state":{"terminated":
        {"reason":"Error","exitCode":1}}})")) == "Init:Error");
    CHECK(status_of(with_init, init(R"({"name":"i","state":{"terminated":
        {"signal":15,"exitCode":1}}})")) == "Init:Signal:15");
    CHECK(status_of(with_init, init(R"({"name":"i","state":{"terminated":{"exitCode":2}}})")) ==
          "Init:ExitCode:2");
}

TEST_CASE("init containers that all ended are of no account") {
    const auto pod = summary(with_init, R"("phase":"Running","initContainerStatuses":[
        {"name":"i","restartCount":4,"state":{"terminated":{"exitCode":0}}},
        {"name":"j","state":{"terminated":{"exitCode":0}}}],
        "containerStatuses":[{"restartCount":2,"ready":true,"state":{"running":{}}}])");
    CHECK(pod.status == "Running");
    CHECK(pod.ready == 1);
    CHECK(pod.containers == 2);
    CHECK(pod.restarts == 2);
}

TEST_CASE("a sidecar counts as a container, ready once it has started and says so") {
    const std::string ended_and_sidecar = R"("phase":"Running","initContainerStatuses":[
        {"name":"i","restartCount":7,"state":{"terminated":{"exitCode":0}}},
        {"name":"s","started":true,"ready":true,"restartCount":3,"state":{"running":{}},
         "lastState":{"terminated":{"finishedAt":"2026-01-02T00:00:00Z"}}}],
        "containerStatuses":[{"restartCount":1,"ready":true,"state":{"running":{}},
         "lastState":{"terminated":{"finishedAt":"2026-01-01T00:00:00Z"}}}])";
    const auto pod = summary(with_sidecar, ended_and_sidecar);
    CHECK(pod.ready == 2);
    CHECK(pod.containers == 3);
    CHECK(pod.restarts == 4);
    REQUIRE(pod.last_restart);
    CHECK(pod.last_restart == kube::parse_rfc3339("2026-01-02T00:00:00Z"));
    CHECK(status_of(with_sidecar, R"("phase":"Pending","initContainerStatuses":[
        {"name":"i","state":{"terminated":{"exitCode":0}}},
        {"name":"s","started":false,"state":{"running":{}}}])") == "Init:1/2");
}

TEST_CASE("a Pod that was initialized once is told by its containers, since 1.28") {
    const std::string again = R"("phase":"Running",
        "conditions":[{"type":"Initialized","status":"True"}],
        "initContainerStatuses":[{"name":"i","restartCount":5,"state":{"running":{}}}],
        "containerStatuses":[{"restartCount":1,"state":{"waiting":{"reason":"CrashLoopBackOff"}}}])";
    CHECK(status_of(with_init, again) == "CrashLoopBackOff");
    CHECK(summary(with_init, again).restarts == 1);
    CHECK(status_of(with_init, again, "", 27) == "Init:0/2");
    CHECK(summary(with_init, again, "", 27).restarts == 5);
}

TEST_CASE("restarts have the time of the last one, where there was one") {
    const auto pod = summary(two, containers(R"(
        {"restartCount":2,"lastState":{"terminated":{"finishedAt":"2026-01-03T00:00:00Z"}}},
        {"restartCount":1,"lastState":{"terminated":{"finishedAt":"2026-01-02T00:00:00Z"}}})"));
    CHECK(pod.restarts == 3);
    CHECK(pod.last_restart == kube::parse_rfc3339("2026-01-03T00:00:00Z"));
    CHECK_FALSE(summary(two, containers(R"({"restartCount":2})")).last_restart);
    CHECK_FALSE(summary(two, containers(R"({"restartCount":2,"lastState":{"terminated":
        {"finishedAt":null}}})"))
                    .last_restart);
    CHECK_FALSE(summary(two, containers(R"({"restartCount":0,"lastState":{"terminated":
        {"finishedAt":"2026-01-02T00:00:00Z"}}})"))
                    .last_restart);
}

TEST_CASE("a Pod that is being deleted is Terminating, unless it had ended or its node is lost") {
    CHECK(status_of(two, containers(running), deleting) == "Terminating");
    CHECK(status_of(two, R"("phase":"Running","reason":"NodeLost")", deleting) == "Unknown");
    CHECK(status_of(two, R"("phase":"Running","reason":"NodeLost")") == "NodeLost");
    CHECK(status_of(two, R"("phase":"Succeeded")", deleting) == "Succeeded");
    CHECK(status_of(two, R"("phase":"Failed","reason":"Evicted")", deleting) == "Evicted");
    CHECK(status_of(two, R"("phase":"Succeeded")", deleting, 30) == "Terminating");
    CHECK(status_of(two, R"("phase":"Succeeded")", deleting, 31) == "Succeeded");
}

TEST_CASE("a Pod of nonsense has a summary all the same") {
    CHECK(summary(R"("containers":7)", R"("containerStatuses":{"a":1},"phase":[])").containers ==
          0);
    CHECK(status_of(two, containers("1,null,[{}],{\"state\":5}")) == "Running");
}
