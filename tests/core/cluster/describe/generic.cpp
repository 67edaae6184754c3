#include <catch2/catch.hpp>

#include "core/cluster/describe/kind.hpp"

using salvor::describe::field_label;

TEST_CASE("a field is labelled by its words, as kubectl of the release does it") {
    CHECK(field_label("apiVersion", 36) == "API Version");
    CHECK(field_label("creationTimestamp", 36) == "Creation Timestamp");
    CHECK(field_label("uid", 36) == "UID");
    CHECK(field_label("podCIDRs", 36) == "Pod CIDRs");
    CHECK(field_label("podCIDRs", 34) == "Pod CID Rs");
    CHECK(field_label("clusterIP", 36) == "Cluster IP");
    CHECK(field_label("clusterIP", 35) == "Cluster Ip");
    CHECK(field_label("osbGUID", 34) == "OSB GUID");
    CHECK(field_label("foo-bar", 36) == "Foo - Bar");
    CHECK(field_label("f:labels", 36) == "f:labels");
    CHECK(field_label("k8s", 36) == "k8s");
    CHECK(field_label("", 36).empty());
}
