#include "core/cluster/export/exporter.hpp"

#include <map>
#include <set>

#include "core/cluster/export/folder.hpp"
#include "formats/kube/json.hpp"
#include "tests/core/timeline/real_data.hpp"

using namespace salvor;
using cluster::Exporter;

namespace {

/// Every manifest of a real cluster, handed to `each`.
cluster::ExportCounts export_all(const char* snapshot_name, const Exporter::Options& options,
                                 const std::function<void(const Exporter::Manifest&)>& each) {
    const auto snapshot = open_real(snapshot_name);
    const auto cluster = cluster::Cluster::open(*snapshot.database(), {});
    REQUIRE(cluster);
    const cluster::Query query;
    auto selection = cluster::Selection::of(**cluster, query);
    REQUIRE(selection);
    const auto exporter = Exporter::of(**cluster, options);
    REQUIRE(exporter);
    const auto counts = exporter->run(
        *selection,
        [&](const Exporter::Manifest& manifest) {
            each(manifest);
            return Result<void>{};
        },
        [](Bytes, const std::string&) {});
    REQUIRE(counts);
    return *counts;
}

/// Members that a server sets, wherever a metadata stands.
void require_clean(const kube::Value& value, const std::string& path) {
    static const std::set<std::string_view> set_by_server{
        "uid",           "resourceVersion",   "selfLink",        "generation",
        "managedFields", "deletionTimestamp", "ownerReferences", "finalizers"};
    INFO(path);
    if (const auto* metadata = value.find("metadata")) {
        for (const auto& member : metadata->members) {
            INFO(member.name);
            REQUIRE_FALSE(set_by_server.contains(member.name));
            if (member.name == "creationTimestamp") REQUIRE_FALSE(member.value.is_string());
        }
    }
}

}  // namespace

TEST_CASE("no cleaned manifest keeps a field that a server sets") {
    std::size_t seen = 0;
    const auto counts = export_all(
        "kube-1.36/after.db", {false, true, {}}, [&](const Exporter::Manifest& manifest) {
            ++seen;
            const auto path = manifest.resource + "/" + manifest.name;
            require_clean(manifest.value, path);
            INFO(path);
            REQUIRE(manifest.value.find("status") == nullptr);
            const auto* kind = manifest.value.find("kind");
            REQUIRE(kind);
            if (kind->string == "Service") {
                const auto* ip = manifest.value.at({"spec", "clusterIP"});
                REQUIRE((!ip || ip->string == "None"));
            }
            REQUIRE(kind->string != "Event");
            REQUIRE(kind->string != "Lease");
        });
    REQUIRE(seen == counts.exported);
    REQUIRE(seen > 100);
    REQUIRE(counts.failed == 0);
}

TEST_CASE("manifests come stage by stage, roles before their bindings") {
    auto last = cluster::Stage::namespaces;
    std::set<std::string> seen;
    export_all("kube-1.36/after.db", {false, true, {}}, [&](const Exporter::Manifest& manifest) {
        REQUIRE(manifest.stage >= last);
        last = manifest.stage;
        seen.insert(manifest.resource);
        if (manifest.resource == "roles.rbac.authorization.k8s.io")
            REQUIRE_FALSE(seen.contains("rolebindings.rbac.authorization.k8s.io"));
    });
    REQUIRE(last == cluster::Stage::webhooks);
}

TEST_CASE("without --show-secrets no Secret goes out, and each is counted") {
    std::uint64_t secrets = 0;
    const auto with =
        export_all("kube-1.36/after.db", {true, true, {}}, [&](const Exporter::Manifest& manifest) {
            if (manifest.resource == "secrets") ++secrets;
        });
    const auto without = export_all(
        "kube-1.36/after.db", {true, false, {}},
        [](const Exporter::Manifest& manifest) { REQUIRE(manifest.resource != "secrets"); });
    REQUIRE(secrets > 10);
    REQUIRE(without.left_out.at(cluster::secret_rule) == secrets);
    REQUIRE(with.exported == without.exported + secrets);
}

TEST_CASE("a renamed namespace is named nowhere any more") {
    const auto names = cluster::parse_renames({"ledger=ledger-two"});
    REQUIRE(names);
    export_all("kube-1.36/after.db", {false, true, *names}, [](const Exporter::Manifest& manifest) {
        INFO(manifest.resource << "/" << manifest.name);
        REQUIRE(manifest.namespace_name != "ledger");
        const auto text = "\n" + cluster::manifest_yaml(manifest.value);
        REQUIRE(text.find("namespace: ledger\n") == std::string::npos);
        REQUIRE(text.find("system:serviceaccount:ledger:") == std::string::npos);
        if (manifest.resource == "namespaces") REQUIRE(manifest.name != "ledger");
    });
}

TEST_CASE("a LimitRange and a quota stand behind the pods that were there before them") {
    std::map<std::string, cluster::Stage> stages;
    export_all("kube-1.36/after.db", {false, false, {}}, [&](const Exporter::Manifest& manifest) {
        stages.try_emplace(manifest.resource, manifest.stage);
    });
    REQUIRE(stages.at("pods") == cluster::Stage::workloads);
    REQUIRE(stages.at("limitranges") == cluster::Stage::webhooks);
    REQUIRE(stages.at("resourcequotas") == cluster::Stage::webhooks);
}

// kubectl prints the key << bare, and apply then refused the custom resource that has it:
// "map merge requires map or sequence of maps as the value".
TEST_CASE("a manifest's key << is quoted, for bare it merges maps") {
    kube::Document document;
    const auto merge = kube::parse_json(R"({"<<": null, "a": "<<"})", document);
    REQUIRE(merge);
    REQUIRE(cluster::manifest_yaml(*merge) == "\"<<\": null\na: \"<<\"\n");
}

TEST_CASE("a rename that is none is refused") {
    REQUIRE_FALSE(cluster::parse_renames({"ledger"}));
    REQUIRE_FALSE(cluster::parse_renames({"ledger="}));
    REQUIRE_FALSE(cluster::parse_renames({"a=../b"}));
    REQUIRE_FALSE(cluster::parse_renames({"a=b", "a=c"}));
}

TEST_CASE("any name becomes one that a file can have") {
    REQUIRE(cluster::file_name("web-1.2") == "web-1.2");
    REQUIRE(cluster::file_name("system:node") == "system%3Anode");
    REQUIRE(cluster::file_name("..") == "%2E.");
    REQUIRE(cluster::file_name("a/b\n") == "a%2Fb%0A");
    REQUIRE(cluster::file_name("") == "unnamed");
    const auto a = cluster::file_name(std::string(300, 'x')),
               b = cluster::file_name(std::string(301, 'x'));
    REQUIRE(a.size() == 200);
    REQUIRE(a != b);
}
