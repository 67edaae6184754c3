#include <catch2/catch.hpp>

#include <filesystem>
#include <set>

#include "core/verify/verify.hpp"

using namespace salvor;
namespace fs = std::filesystem;

namespace {

const fs::path real = fs::path(SALVOR_TESTDATA) / "real";

/// "rule: key" of each finding of the layer, but for warnings about backup and object.
using Found = std::multiset<std::string>;

Found found_in(const fs::path& path) {
    const auto snapshot = Snapshot::open(path);
    REQUIRE(snapshot);
    const auto report = verify::run(*snapshot, {});
    Found found;
    for (const auto& finding : report.findings) {
        if (finding.layer != Layer::reference) continue;
        CHECK(finding.about == Subject::cluster);
        found.insert(finding.rule + ": " + finding.message.substr(0, finding.message.find(": ")));
    }
    return found;
}

/// Both snapshots of the cluster of 1.36 keep what its maker broke: it had an apiserver alone, and
/// wrote objects that name uids and services that never were.
const Found broken_in_1_36{
    // Their owners bear made-up uids, though objects of these names are there.
    "owner-absent: /registry/pods/payments/storefront-0",
    "owner-absent: /registry/secrets/payments/storefront-db",
    "owner-absent: /registry/leases/kube-node-lease/mercury-cp-1",
    // A finalizer of nobody holds each of them.
    "namespace-terminating: /registry/namespaces/observability",
    "deletion-waits: /registry/pods/payments/storefront-0",
    "deletion-waits: /registry/juniper.shop.example.net/junipers/payments/lagoon-cr1",
    // No controller was there to make kube-root-ca.crt, which each pod mounts.
    "pod-source: /registry/pods/payments/storefront-0",
    // The claim was made by hand, with another uid than the volume's claimRef has.
    "claim-lost: /registry/persistentvolumeclaims/payments/data-orders-db-0",
    "volume-released: /registry/persistentvolumes/pv-orders-db-0",
    // The token's annotation bears a made-up uid.
    "token-account: /registry/secrets/payments/storefront-token",
    // An IPAddress that the maker wrote for an address that no Service has.
    "cluster-ip-leaked: /registry/ipaddresses/2001:db8:9::72",
    // There is no metrics-server.
    "apiservice-backend: "
    "/registry/apiregistration.k8s.io/apiservices/v1beta1.metrics.shop.example.net",
};

}  // namespace

TEST_CASE("of a real cluster of 1.36 what its maker broke is found, and nothing else") {
    CHECK(found_in(real / "kube-1.36/before.db") == broken_in_1_36);
    CHECK(found_in(real / "kube-1.36/after.db") == broken_in_1_36);
    CHECK(found_in(real / "kube-1.36/member-dir") == broken_in_1_36);
}

TEST_CASE("of a real cluster of 1.28 what its maker broke is found as far as it is plain") {
    CHECK(found_in(real / "kube-1.28/snapshot.db") ==
          Found{
              "owner-absent: /registry/pods/ward/triage-0",
              "owner-absent: /registry/leases/kube-node-lease/saturn-cp-1",
              "pod-source: /registry/pods/ward/triage-0",
              "claim-lost: /registry/persistentvolumeclaims/ward/data-records-db-0",
              "volume-released: /registry/persistentvolumes/pv-records-db-0",
              "cluster-ip-leaked: /registry/ipaddresses/192.0.2.231",
              "apiservice-backend: "
              "/registry/apiregistration.k8s.io/apiservices/v1beta1.metrics.clinic.example.net",
          });
}
