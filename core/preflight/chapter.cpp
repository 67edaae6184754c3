#include "core/preflight/chapter.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace salvor::preflight {
namespace {

using enum Chapter;

constexpr std::array<std::pair<std::string_view, Chapter>, 53> table{{
    {"owner-absent", deleted},
    {"owner-absent-some", mended},
    {"pod-node", deleted},
    {"volume-deleted", deleted},
    {"token-account", deleted},
    {"bootstrap-token-expired", deleted},
    {"crd-terminating", deleted},
    {"namespace-terminating", deleted},
    {"deletion-waits", deleted},
    {"deletion-interrupted", deleted},
    {"csinode-node", deleted},
    {"webhook-backend", blocked},
    {"webhook-backend-ignored", blocked},
    {"webhook-deadlock", blocked},
    {"apiservice-backend", blocked},
    {"apiservice-local", blocked},
    {"conversion-backend", blocked},
    {"backend-port", blocked},
    {"webhook-bundle", blocked},
    {"finalizers-conflict", blocked},
    {"crd-name", blocked},
    {"crd-condition", blocked},
    {"namespace-absent", blocked},
    {"crd-absent", blocked},
    {"custom-version-undefined", blocked},
    {"encryption-key-absent", blocked},
    {"decryption-failed", blocked},
    {"cluster-ip-twice", mended},
    {"cluster-ip-outside", mended},
    {"cluster-ip-unallocated", mended},
    {"cluster-ip-leaked", mended},
    {"node-port-twice", mended},
    {"node-port-outside", mended},
    {"node-port-unallocated", mended},
    {"node-port-leaked", mended},
    {"claim-lost", mended},
    {"volume-released", mended},
    {"attachment-target", mended},
    {"lease-expired", mended},
    {"api-address", mended},
    {"pod-source", not_started},
    {"pod-account", not_started},
    {"pod-claim", not_started},
    {"pod-runtime-class", not_started},
    {"pod-priority-class", not_started},
    {"claim-device-class", not_started},
    {"registry-credentials", not_started},
    {"certificate-expired", expired},
    {"token-expired", expired},
    {"host-cluster-ca", foreign},
    {"host-client-ca", foreign},
    {"host-front-proxy-ca", foreign},
    {"host-token-key", foreign},
}};

}  // namespace

const char* name(Chapter chapter) {
    switch (chapter) {
        case deleted: return "deleted";
        case blocked: return "blocked";
        case mended: return "mended";
        case not_started: return "notStarted";
        case expired: return "expired";
        case foreign: return "foreign";
        case kept: return "kept";
    }
    return "unknown";
}

const char* heading(Chapter chapter) {
    switch (chapter) {
        case deleted: return "deleted in the first minutes";
        case blocked: return "refused or blocked, until somebody acts";
        case mended: return "mended by its controllers, or tried";
        case not_started: return "not started again";
        case expired: return "expired";
        case foreign: return "not of this host";
        case kept: return "kept as it was";
    }
    return "unknown";
}

Chapter chapter_of(std::string_view rule) {
    const auto* found = std::find_if(table.begin(), table.end(),
                                     [&](const auto& row) { return row.first == rule; });
    return found == table.end() ? kept : found->second;
}

}  // namespace salvor::preflight
