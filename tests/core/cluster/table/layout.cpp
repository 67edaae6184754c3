#include <array>
#include <catch2/catch.hpp>

#include "core/cluster/table/table.hpp"
#include "formats/kube/json.hpp"

using namespace salvor;
using table::Width;

namespace {

kube::Instant time(const char* text) {
    return kube::parse_rfc3339(text).value();
}

/// The cells of one object, under their headers.
class Row {
 public:
    Row(const char* group, const char* kind, const std::string& json, std::uint8_t release = 36,
        Width width = Width::wide)
        : catalog_(release) {
        auto object = kube::parse_json(json, document_);
        REQUIRE(object);
        const auto layout = table::Layout::of(catalog_.of_kind(group, kind), {}, release, width);
        headers_ = layout.headers();
        cells_ = layout.cells(*object, {time("2026-01-11T00:00:00Z")});
        REQUIRE(cells_.size() == headers_.size());
    }
    std::string operator[](const std::string& header) const {
        for (std::size_t i = 0; i < headers_.size(); ++i) {
            if (headers_[i] == header) return cells_[i];
        }
        return "no column " + header;
    }

 private:
    cluster::Catalog catalog_;
    kube::Document document_;
    std::vector<std::string> headers_, cells_;
};

/// The cell of one column of a custom resource.
std::string custom(const std::string& column, const std::string& object) {
    kube::Document document;
    auto crd = kube::parse_json(
        R"({"apiVersion":"apiextensions.k8s.io/v1","spec":{"group":"g.example","scope":"Namespaced",
            "names":{"plural":"things","kind":"Thing"},"versions":[{"name":"v1","served":true,
            "storage":true,"additionalPrinterColumns":[)" +
            column + "]}]}}",
        document);
    REQUIRE(crd);
    cluster::Catalog catalog(36);
    catalog.add_crd(*crd);
    const auto layout =
        table::Layout::of(catalog.of_kind("g.example", "Thing"), {}, 36, Width::narrow);
    auto value = kube::parse_json(object, document);
    REQUIRE(value);
    REQUIRE(layout.headers().size() == 2);
    return layout.cells(*value, {time("2026-01-11T00:00:00Z")})[1];
}

}  // namespace

TEST_CASE("columns come and go with the release that prints") {
    const auto headers = [](const char* group, const char* kind, std::uint8_t release) {
        const cluster::Catalog catalog(release);
        return table::Layout::of(catalog.of_kind(group, kind), {}, release, Width::narrow)
            .headers();
    };
    using Headers = std::vector<std::string>;
    CHECK(headers("batch", "Job", 29) == Headers{"NAME", "COMPLETIONS", "DURATION", "AGE"});
    CHECK(headers("batch", "Job", 30) ==
          Headers{"NAME", "STATUS", "COMPLETIONS", "DURATION", "AGE"});
    CHECK(headers("", "ResourceQuota", 32) == Headers{"NAME", "AGE", "REQUEST", "LIMIT"});
    CHECK(headers("", "ResourceQuota", 33) == Headers{"NAME", "REQUEST", "LIMIT", "AGE"});
    CHECK(headers("", "ServiceAccount", 34) == Headers{"NAME", "SECRETS", "AGE"});
    CHECK(headers("", "ServiceAccount", 35) == Headers{"NAME", "AGE"});
    CHECK(headers("storage.k8s.io", "StorageClass", 16) == Headers{"NAME", "PROVISIONER", "AGE"});
}

TEST_CASE("what has no columns of its own is shown by name and age") {
    const auto layout = table::Layout::of(nullptr, {}, 36, Width::wide);
    CHECK(layout.headers() == std::vector<std::string>{"NAME", "AGE"});
    kube::Document document;
    const auto object = kube::parse_json(
        R"({"metadata":{"name":"x","creationTimestamp":"2026-01-10T23:00:00Z"}})", document);
    CHECK(layout.cells(*object, {time("2026-01-11T00:00:00Z")}) ==
          std::vector<std::string>{"x", "60m"});
}

TEST_CASE("an age is counted from now, and what is younger than the least now is new") {
    const auto layout = table::Layout::of(nullptr, {}, 36, Width::wide);
    kube::Document document;
    const auto age = [&](const char* created, table::Now now) {
        const auto object = kube::parse_json(
            std::string(R"({"metadata":{"creationTimestamp":)") + created + "}}", document);
        return layout.cells(*object, now)[1];
    };
    const table::Now now{{time("2026-01-11T00:00:00Z")}};
    CHECK(age(R"("2026-01-11T00:00:05Z")", now) == "<invalid>");
    CHECK(age(R"("2026-01-11T00:00:05Z")", {now.at, true}) == "0s");
    CHECK(age(R"("2026-01-10T23:59:58.5Z")", now) == "1s");
    CHECK(age(R"("2026-01-11T00:00:01.5Z")", now) == "0s");
    CHECK(age("null", now) == "<unknown>");
    CHECK(age(R"("0001-01-01T00:00:00Z")", now) == "<unknown>");
    CHECK(age(R"("yesterday")", now) == "<unknown>");
}

TEST_CASE("a Node says whether it is ready, whether it takes Pods, and its roles by name") {
    const Row node("", "Node", R"({"metadata":{"labels":{"node-role.kubernetes.io/worker":"",
        "kubernetes.io/role":"gpu","node-role.kubernetes.io/":"x"}},"spec":{"unschedulable":true},
        "status":{"conditions":[{"type":"Ready","status":"Unknown"}],
        "nodeInfo":{"kernelVersion":"6.1","architecture":"arm64","osImage":""},
        "addresses":[{"type":"InternalIP","address":"10.0.0.1"}]}})");
    CHECK(node["STATUS"] == "NotReady,SchedulingDisabled");
    CHECK(node["ROLES"] == "gpu,worker");
    CHECK(node["INTERNAL-IP"] == "10.0.0.1");
    CHECK(node["EXTERNAL-IP"] == "<none>");
    CHECK(node["OS-IMAGE"] == "<unknown>");
    CHECK(node["KERNEL-VERSION"] == "6.1 (arm64)");
    CHECK(Row("", "Node", "{}")["STATUS"] == "Unknown");
}

TEST_CASE("a Service says where it answers from outside") {
    const auto outside = [](const std::string& spec, const std::string& status = "") {
        return Row("", "Service",
                   R"({"spec":{)" + spec + R"(},"status":{)" + status + "}}")["EXTERNAL-IP"];
    };
    CHECK(outside(R"("type":"ClusterIP")") == "<none>");
    CHECK(outside(R"("type":"NodePort","externalIPs":["1.1.1.1","2.2.2.2"])") == "1.1.1.1,2.2.2.2");
    CHECK(outside(R"("type":"LoadBalancer")") == "<pending>");
    CHECK(outside(R"("type":"LoadBalancer","externalIPs":["9.9.9.9"])",
                  R"("loadBalancer":{"ingress":[{"hostname":"b.example"},{"ip":"1.1.1.1"}]})") ==
          "1.1.1.1,b.example,9.9.9.9");
    CHECK(outside(R"("type":"ExternalName","externalName":"x.example")") == "x.example");
    CHECK(outside(R"("type":"Odd")") == "<unknown>");
}

TEST_CASE("of many endpoints three are shown and the rest counted") {
    const auto shown = [](const char* subsets) {
        return Row("", "Endpoints", std::string(R"({"subsets":)") + subsets + "}")["ENDPOINTS"];
    };
    CHECK(shown("[]") == "<none>");
    CHECK(shown(R"([{"addresses":[{"ip":"1.1.1.1"},{"ip":"::1"}],"ports":[{"port":80}]}])") ==
          "1.1.1.1:80,[::1]:80");
    CHECK(shown(R"([{"addresses":[{"ip":"1.1.1.1"},{"ip":"2.2.2.2"}]}])") == "1.1.1.1,2.2.2.2");
    CHECK(shown(R"([{"addresses":[{"ip":"1.1.1.1"},{"ip":"2.2.2.2"}],
        "ports":[{"port":80},{"port":81}]},{"addresses":[{"ip":"3.3.3.3"}]}])") ==
          "1.1.1.1:80,2.2.2.2:80,1.1.1.1:81 + 2 more...");
    CHECK(shown(R"([{"ports":[{"port":80}]}])").empty());
}

TEST_CASE("a Job's completions are told of what it needs") {
    const auto job = [](const char* spec, const char* status) {
        return Row("batch", "Job",
                   std::string(R"({"spec":{)") + spec + R"(},"status":{)" + status + "}}");
    };
    CHECK(job(R"("completions":5)", R"("succeeded":2)")["COMPLETIONS"] == "2/5");
    CHECK(job(R"("parallelism":3)", R"("succeeded":2)")["COMPLETIONS"] == "2/1 of 3");
    CHECK(job(R"("parallelism":1)", "")["COMPLETIONS"] == "0/1");
    CHECK(job("", R"("startTime":"2026-01-10T22:00:00Z")")["DURATION"] == "120m");
    CHECK(job("", R"("startTime":"2026-01-10T22:00:00Z","completionTime":"2026-01-10T22:00:09Z")")
              ["DURATION"] == "9s");
    CHECK(job("", "")["DURATION"].empty());
    CHECK(job("", R"("conditions":[{"type":"Failed","status":"True"}])")["STATUS"] == "Failed");
    CHECK(job("", R"("conditions":[{"type":"Complete","status":"False"}])")["STATUS"] == "Running");
}

TEST_CASE("an autoscaler tells two metrics, each against its target") {
    const auto targets = [](const char* metrics, const char* current, std::uint8_t release = 36) {
        return Row("autoscaling", "HorizontalPodAutoscaler",
                   std::string(R"({"spec":{"metrics":)") + metrics +
                       R"(},"status":{"currentMetrics":)" + current + "}}",
                   release)["TARGETS"];
    };
    const char* cpu = R"([{"type":"Resource","resource":{"name":"cpu",
        "target":{"type":"Utilization","averageUtilization":62}}}])";
    const char* used = R"([{"type":"Resource","resource":{"name":"cpu",
        "current":{"averageUtilization":81,"averageValue":"405m"}}}])";
    CHECK(targets(cpu, used) == "cpu: 81%/62%");
    CHECK(targets(cpu, "[]") == "cpu: <unknown>/62%");
    CHECK(targets(cpu, used, 29) == "81%/62%");
    CHECK(targets("[]", "[]") == "<none>");
    CHECK(targets(R"([{"type":"Resource","resource":{"name":"m","target":{}}}])", "[]") ==
          "m: <unknown>/<auto>");
    CHECK(targets(R"([{"type":"External","external":{"target":{"averageValue":"5"}}},
        {"type":"Object","object":{"target":{"value":"7"}}},
        {"type":"Pods","pods":{"target":{"averageValue":"1"}}}])",
                  R"([{"type":"External",
        "external":{"current":{"averageValue":"3"}}},{"type":"Object","object":{"current":{}}}])") ==
          "3/5 (avg), <nil>/7 + 1 more...");
    CHECK(targets(R"([{"type":"Odd"}])", "[]") == "<unknown type>");
}

TEST_CASE("an Event's message is without white space around it, Unicode's too") {
    const auto message = [](const char* text) {
        return Row("", "Event", std::string(R"({"message":")") + text + "\"}")["MESSAGE"];
    };
    CHECK(message(R"( \n a b\u2028\u00a0)") == "a b");
    CHECK(message(R"(\u200bx)") == "\xE2\x80\x8Bx");
    CHECK(message("").empty());
}

TEST_CASE("an Event was last seen where its series says, else at its last, first or only time") {
    const auto seen = [](const char* members) {
        return Row("", "Event", std::string("{") + members + "}")["LAST SEEN"];
    };
    CHECK(seen(R"("lastTimestamp":"2026-01-10T23:59:50Z",
        "series":{"lastObservedTime":"2026-01-10T23:59:55.000000Z"})") == "5s");
    CHECK(seen(R"("lastTimestamp":"2026-01-10T23:59:50Z")") == "10s");
    CHECK(seen(R"("lastTimestamp":null,"firstTimestamp":"2026-01-10T23:59:40Z")") == "20s");
    CHECK(seen(R"("eventTime":"2026-01-10T23:59:30.000000Z")") == "30s");
    CHECK(seen("") == "<unknown>");
}

TEST_CASE("a selector is said in kubectl's words, by key") {
    const auto selector = [](const char* text, const char* kind = "ReplicaSet") {
        return Row("apps", kind, std::string(R"({"spec":{"selector":)") + text + "}}")["SELECTOR"];
    };
    CHECK(selector(R"({"matchLabels":{"b":"2","a":"1"},"matchExpressions":[
        {"key":"aa","operator":"NotIn","values":["y","x"]},{"key":"c","operator":"DoesNotExist"}]})") ==
          "a=1,aa notin (x,y),b=2,!c");
    CHECK(selector("{}") == "<none>");
    CHECK(selector(R"({"matchExpressions":[{"key":"a","operator":"Odd"}]})") == "<error>");
    CHECK(selector("{}", "Deployment").empty());
    CHECK(selector(R"({"matchExpressions":[{"key":"a","operator":"In"}]})", "Deployment") ==
          "<invalid>");
}

TEST_CASE("a FlowSchema stands by its precedence, not by its name") {
    const cluster::Catalog catalog(36);
    const auto layout = table::Layout::of(
        catalog.of_kind("flowcontrol.apiserver.k8s.io", "FlowSchema"), {}, 36, Width::narrow);
    REQUIRE(layout.is_ordered());
    kube::Document document;
    const auto order = [&](const char* name, const char* precedence) {
        const auto object =
            kube::parse_json(std::string(R"({"metadata":{"name":")") + name +
                                 R"("},"spec":{"matchingPrecedence":)" + precedence + "}}",
                             document);
        return layout.order(*object);
    };
    CHECK(order("z", "9") < order("a", "10"));
    CHECK(order("a", "10") < order("b", "10"));
}

TEST_CASE("a custom column is the first thing that its path finds, as its type says it") {
    const auto cell = [](const char* type, const char* value) {
        return custom(std::string(R"({"name":"c","jsonPath":".x","type":")") + type + "\"}",
                      std::string(R"({"x":)") + value + "}");
    };
    CHECK(cell("string", R"("a")") == "a");
    CHECK(cell("string", "7") == "7");
    CHECK(cell("string", "1.5e6") == "1.5e+06");
    CHECK(cell("string", "true") == "true");
    CHECK(cell("string", R"({"b":[1,"<"],"a":null})") == R"({"a":null,"b":[1,"\u003c"]})");
    CHECK(cell("string", "null") == "<no value>");
    CHECK(cell("integer", "7") == "7");
    CHECK(cell("integer", "7.9") == "7");
    CHECK(cell("integer", "1e300").empty());
    CHECK(cell("integer", R"("7")").empty());
    CHECK(cell("number", "3") == "3");
    CHECK(cell("number", "0.5") == "0.5");
    CHECK(cell("number", "1e6") == "1000000");
    CHECK(cell("number", "123456789.5") == "1.234567895e+08");
    CHECK(cell("boolean", "false") == "false");
    CHECK(cell("boolean", R"("false")").empty());
    CHECK(cell("date", R"("2026-01-10T23:00:00Z")") == "60m");
    CHECK(cell("date", R"("soon")") == "<invalid>");
    CHECK(cell("date", R"("")") == "<unknown>");
    CHECK(custom(R"({"name":"c","jsonPath":".y.z","type":"string"})", R"({"x":1})").empty());
    CHECK(custom(R"x({"name":"c","type":"string",
        "jsonPath":".status.conditions[?(@.type==\"Ready\")].status"})x",
                 R"({"status":{"conditions":[{"type":"Ready","status":"True"}]}})") == "True");
}

TEST_CASE("objects of nonsense have cells all the same, of every kind and release") {
    kube::Document document;
    for (const char* json :
         {"{}", "7", "[]", R"({"metadata":7,"spec":[],"status":"x","subsets":{"a":1}})",
          R"({"spec":null,"status":null,"metadata":null,"webhooks":null,"data":[1]})"}) {
        const auto object = kube::parse_json(json, document);
        REQUIRE(object);
        for (const auto release : std::array<std::uint8_t, 3>{16, 28, 36}) {
            const cluster::Catalog catalog(release);
            for (const auto& type : catalog.types()) {
                const auto layout = table::Layout::of(&type, {}, release, Width::wide);
                CHECK(layout.cells(*object, {}).size() == layout.headers().size());
            }
        }
    }
}
