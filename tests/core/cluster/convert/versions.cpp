#include "core/cluster/convert/versions.hpp"

#include <catch2/catch.hpp>

#include "formats/kube/json.hpp"
#include "formats/kube/sinks.hpp"

using namespace salvor;
using namespace salvor::convert;

namespace {

/// What is served of an object, as JSON with sorted names.
std::string served(const std::string& json, Bytes to, std::uint8_t release = 36) {
    const kube::Schema schema(release);
    const Versions versions(schema);
    kube::Document document;
    auto object = kube::parse_json(json, document);
    REQUIRE(object);
    versions.convert(*object, to, document);
    std::string out;
    kube::JsonSink sink(out);
    kube::tell(*object, sink);
    return out;
}

bool has(const std::string& text, Bytes part) {
    INFO(text);
    CHECK(text.find(part) != std::string::npos);
    return text.find(part) != std::string::npos;
}

bool can(Bytes kind, Bytes from, Bytes to) {
    const kube::Schema schema(36);
    return Versions(schema).can(kind, from, to);
}

}  // namespace

TEST_CASE("an Ingress of extensions gets v1's backends") {
    CHECK(served(R"({"apiVersion":"extensions/v1beta1","kind":"Ingress","metadata":{},"spec":{
            "backend":{"serviceName":"a","servicePort":80},
            "rules":[{"http":{"paths":[{"backend":{"serviceName":"b","servicePort":"web"}}]}}]}})",
                 "networking.k8s.io/v1") ==
          R"({"apiVersion":"networking.k8s.io/v1","kind":"Ingress","metadata":{},"spec":{)"
          R"("defaultBackend":{"service":{"name":"a","port":{"number":80}}},)"
          R"("rules":[{"http":{"paths":[{"backend":{"service":{"name":"b","port":{"name":"web"}}},)"
          R"("pathType":"ImplementationSpecific"}]}}]},"status":{"loadBalancer":{}}})");
}

TEST_CASE("an autoscaler of v1 gets back what it keeps in annotations") {
    const auto v2 = served(
        R"({"apiVersion":"autoscaling/v1","kind":"HorizontalPodAutoscaler","metadata":{"annotations":{
            "autoscaling.alpha.kubernetes.io/metrics":"[{\"type\":\"Resource\",\"resource\":{\"name\":\"memory\",\"targetAverageValue\":\"1Gi\"}}]",
            "autoscaling.alpha.kubernetes.io/behavior":"{\"ScaleUp\":{\"StabilizationWindowSeconds\":3,\"SelectPolicy\":null,\"Policies\":null},\"ScaleDown\":null}"
            }},"spec":{"maxReplicas":3,"scaleTargetRef":{"kind":"D","name":"d"},
            "targetCPUUtilizationPercentage":60}})",
        "autoscaling/v2");
    CHECK(has(v2, R"("metadata":{},)"));
    CHECK(has(v2, R"("behavior":{"scaleUp":{"stabilizationWindowSeconds":3}})"));
    CHECK(has(v2,
              R"("metrics":[{"resource":{"name":"memory","target":{"averageValue":"1Gi",)"
              R"("type":"AverageValue"}},"type":"Resource"},{"resource":{"name":"cpu",)"
              R"("target":{"averageUtilization":60,"type":"Utilization"}},"type":"Resource"}])"));
    CHECK(has(v2, R"("minReplicas":1)"));
}

TEST_CASE("an autoscaler of v2 as v1 keeps the rest in annotations, in the order of Go's structs") {
    const auto v1 = served(
        R"({"apiVersion":"autoscaling/v2","kind":"HorizontalPodAutoscaler","metadata":{},"spec":{
            "maxReplicas":3,"scaleTargetRef":{"kind":"D","name":"d"},"metrics":[
            {"type":"Pods","pods":{"metric":{"name":"m"},"target":{"type":"AverageValue","averageValue":"5"}}}]}})",
        "autoscaling/v1");
    CHECK(has(
        v1,
        R"([{\"type\":\"Pods\",\"pods\":{\"metricName\":\"m\",\"targetAverageValue\":\"5\"}}])"));
}

TEST_CASE("an empty selector of a budget of v1beta1 stays one for no pod") {
    CHECK(has(
        served(R"({"apiVersion":"policy/v1beta1","kind":"PodDisruptionBudget","metadata":{},
                         "spec":{"selector":{}}})",
               "policy/v1"),
        R"("selector":{"matchExpressions":[{"key":"pdb.kubernetes.io/deprecated-v1beta1-empty-selector-match","operator":"Exists"}]})"));
    CHECK(has(served(R"({"apiVersion":"policy/v1beta1","kind":"PodDisruptionBudget","metadata":{},
                         "spec":{"selector":{"matchExpressions":[{"key":"pdb.kubernetes.io/deprecated-v1beta1-empty-selector-match","operator":"DoesNotExist"}]}}})",
                     "policy/v1"),
              R"("selector":{})"));
}

// Once a host name was dropped from the topology whenever the endpoint had a node.
TEST_CASE("an endpoint's host name that is not its node's stays in the topology") {
    const auto slice = [](Bytes host) {
        return served(
            R"({"apiVersion":"discovery.k8s.io/v1beta1","kind":"EndpointSlice","metadata":{},
            "addressType":"IPv4","endpoints":[{"addresses":["10.0.0.1"],"nodeName":"a","topology":{
            "kubernetes.io/hostname":")" +
                std::string(host) + R"(","topology.kubernetes.io/zone":"z"}}]})",
            "discovery.k8s.io/v1");
    };
    CHECK(has(slice("b"), R"("deprecatedTopology":{"kubernetes.io/hostname":"b"})"));
    CHECK(slice("a").find("deprecatedTopology") == std::string::npos);
    CHECK(has(slice("a"), R"("zone":"z")"));
}

TEST_CASE("a request for devices stands in `exactly` since v1beta2") {
    const std::string claim =
        R"({"apiVersion":"resource.k8s.io/v1beta1","kind":"ResourceClaim","metadata":{},"spec":{
            "devices":{"requests":[{"name":"r","deviceClassName":"gpu"}]}}})";
    const auto v1 = served(claim, "resource.k8s.io/v1");
    CHECK(has(
        v1,
        R"({"exactly":{"allocationMode":"ExactCount","count":1,"deviceClassName":"gpu"},"name":"r"})"));
    CHECK(has(served(v1, "resource.k8s.io/v1beta1"),
              R"({"allocationMode":"ExactCount","count":1,"deviceClassName":"gpu","name":"r"})"));
}

TEST_CASE("devices were in `basic`, and a capacity of v1alpha3 was a quantity") {
    CHECK(
        has(served(R"({"apiVersion":"resource.k8s.io/v1alpha3","kind":"ResourceSlice","metadata":{},
            "spec":{"driver":"d","pool":{"name":"p","generation":1,"resourceSliceCount":1},
            "devices":[{"name":"g","basic":{"capacity":{"memory":"1Gi"}}}]}})",
                   "resource.k8s.io/v1beta1", 32),
            R"("devices":[{"basic":{"capacity":{"memory":{"value":"1Gi"}}},"name":"g"}])"));
}

TEST_CASE("shares of flow control have another name since v1beta3") {
    CHECK(has(
        served(
            R"({"apiVersion":"flowcontrol.apiserver.k8s.io/v1beta2","kind":"PriorityLevelConfiguration",
            "metadata":{},"spec":{"type":"Limited","limited":{"assuredConcurrencyShares":7}}})",
            "flowcontrol.apiserver.k8s.io/v1"),
        R"("limited":{"lendablePercent":0,"limitResponse":{"type":""},"nominalConcurrencyShares":7})"));
}

TEST_CASE("a RuntimeClass of v1alpha1 has its fields in a spec") {
    CHECK(
        served(R"({"apiVersion":"node.k8s.io/v1alpha1","kind":"RuntimeClass","metadata":{},
                     "spec":{"runtimeHandler":"runsc"}})",
               "node.k8s.io/v1") ==
        R"({"apiVersion":"node.k8s.io/v1","handler":"runsc","kind":"RuntimeClass","metadata":{}})");
}

TEST_CASE("what workloads lost with their betas stands in annotations") {
    CHECK(has(served(R"({"apiVersion":"apps/v1beta1","kind":"Deployment","metadata":{},"spec":{
            "rollbackTo":{"revision":4},"template":{"metadata":{"labels":{"a":"b"}},"spec":{}}}})",
                     "apps/v1"),
              R"("annotations":{"deprecated.deployment.rollback.to":"4"})"));
    CHECK(has(served(R"({"apiVersion":"extensions/v1beta1","kind":"DaemonSet","metadata":{},"spec":{
            "templateGeneration":9,"template":{"metadata":{},"spec":{}}}})",
                     "apps/v1"),
              R"("annotations":{"deprecated.daemonset.template.generation":"9"})"));
}

TEST_CASE("a stored Event has another shape in events.k8s.io") {
    const auto event =
        served(R"({"apiVersion":"v1","kind":"Event","metadata":{},"involvedObject":{"kind":"Pod"},
            "message":"text","source":{"component":"c"},"count":2})",
               "events.k8s.io/v1");
    CHECK(has(event, R"("deprecatedCount":2)"));
    CHECK(has(event, R"("note":"text")"));
    CHECK(has(event, R"("regarding":{"kind":"Pod"})"));
}

TEST_CASE("a certificate request of v1beta1 gets the signer that its words mean") {
    CHECK(has(
        served(R"({"apiVersion":"certificates.k8s.io/v1beta1","kind":"CertificateSigningRequest",
            "metadata":{},"spec":{"request":"bm9uZQ=="},"status":{"conditions":[{"type":"Approved"}]}})",
               "certificates.k8s.io/v1"),
        R"("signerName":"kubernetes.io/legacy-unknown","usages":["digital signature","key encipherment"])"));
}

TEST_CASE("a subject of v1alpha1 gets its group") {
    CHECK(has(
        served(
            R"({"apiVersion":"rbac.authorization.k8s.io/v1alpha1","kind":"RoleBinding","metadata":{},
            "subjects":[{"kind":"User","name":"*"},{"kind":"ServiceAccount","name":"s","namespace":"n"}],
            "roleRef":{"kind":"Role","name":"r"}})",
            "rbac.authorization.k8s.io/v1"),
        R"("subjects":[{"apiGroup":"rbac.authorization.k8s.io","kind":"Group","name":"system:authenticated"},)"
        R"({"kind":"ServiceAccount","name":"s","namespace":"n"}])"));
}

TEST_CASE("defaults are those of the release") {
    const std::string job = R"({"apiVersion":"batch/v1","kind":"Job","metadata":{},"spec":{
        "template":{"metadata":{},"spec":{"containers":[{"name":"c","image":"a:1"}]}}},"status":{}})";
    CHECK(served(job, "batch/v1", 21).find("completionMode") == std::string::npos);
    const auto now = served(job, "batch/v1", 36);
    CHECK(has(now, R"("completionMode":"NonIndexed")"));
    CHECK(has(now, R"("imagePullPolicy":"IfNotPresent")"));
    CHECK(has(now, R"("terminationMessagePath":"/dev/termination-log")"));
}

TEST_CASE("only versions that a server ever had together are converted") {
    CHECK(can("ResourceClaim", "resource.k8s.io/v1alpha3", "resource.k8s.io/v1"));
    CHECK(can("Deployment", "extensions/v1beta1", "apps/v1"));
    CHECK(can("Event", "v1", "events.k8s.io/v1"));
    CHECK_FALSE(can("ResourceClaim", "resource.k8s.io/v1alpha2", "resource.k8s.io/v1"));
    CHECK_FALSE(can("Deployment", "extensions/v1beta1", "networking.k8s.io/v1"));
    CHECK_FALSE(can("Deployment", "apps/v9", "apps/v1"));
}
