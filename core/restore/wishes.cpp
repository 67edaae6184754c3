#include "core/restore/wishes.hpp"

#include "core/restore/cluster_choice.hpp"
#include "core/restore/kubernetes.hpp"

namespace salvor::restore {
namespace {

Result<etcd::Line> choose_line(const Source& source, const Wishes& wishes) {
    if (wishes.line) return *wishes.line;
    if (const auto line = source.line()) return *line;
    if (source.storage_version) {
        return fail(
            ErrorCode::unsupported,
            "the backup's storageVersion is {}, a line that is not known here (3.4 to 3.7 are)",
            to_string(*source.storage_version));
    }
    return fail(ErrorCode::usage,
                "the backup does not say which etcd wrote it: give --for 3.4, 3.5, 3.6 or 3.7");
}

Result<void> choose_bump(Decision& decision, const Wishes& wishes) {
    auto& request = decision.request;
    if (wishes.bump_revision) {
        request.bump_revision = *wishes.bump_revision;
    } else if (wishes.bump_automatic || decision.kubernetes_prefix) {
        request.bump_revision = automatic_bump;
        decision.bump_by_default = !wishes.bump_automatic;
    }
    if (wishes.mark_compacted && request.bump_revision == 0) {
        return fail(ErrorCode::usage, "--mark-compacted needs --bump-revision N or auto");
    }
    return {};
}

void choose_places(Request& request, const Wishes& wishes) {
    if (wishes.data_dir) {
        request.data_dir = *wishes.data_dir;
    } else if (wishes.manifest && wishes.manifest->data_dir) {
        request.data_dir = *wishes.manifest->data_dir;
    }
    request.one_folder_each = wishes.all_members;
    if (wishes.wal_dir) {
        request.wal_dir = wishes.wal_dir;
    } else if (wishes.manifest && !wishes.all_members) {
        request.wal_dir = wishes.manifest->wal_dir;
    }
    if (wishes.initial_cluster_token) {
        request.token = *wishes.initial_cluster_token;
    } else if (wishes.manifest && wishes.manifest->initial_cluster_token) {
        request.token = *wishes.manifest->initial_cluster_token;
    }
}

}  // namespace

Result<Decision> decide(const Snapshot& snapshot, const Wishes& wishes,
                        const verify::Report* report) {
    Decision decision;
    auto& request = decision.request;
    choose_places(request, wishes);
    if (request.data_dir.empty()) {
        return fail(ErrorCode::usage, "--data-dir is missing, and no manifest names one");
    }
    SALVOR_TRY(const auto source, read_source(snapshot));
    SALVOR_TRY(auto cluster, choose_cluster(source, wishes));
    request.initial_cluster = std::move(cluster.peers);
    request.names = std::move(cluster.names);
    decision.left_out = std::move(cluster.left_out);
    SALVOR_TRY(request.line, choose_line(source, wishes));
    if (report) {
        decision.kubernetes_prefix = report->kubernetes_prefix;
    } else {
        SALVOR_TRY(decision.kubernetes_prefix, likely_kubernetes_prefix(*snapshot.database()));
    }
    SALVOR_CHECK(choose_bump(decision, wishes));
    request.clear_alarms = wishes.clear_alarms;
    request.disable_auth = wishes.disable_auth;
    request.compact = wishes.compact;
    request.replace = wishes.replace;
    SALVOR_TRY(request.filter, resolve(*snapshot.database(), wishes.filter));
    request.accept_flaws = wishes.force;
    request.accept_wrong_trailer = wishes.force || wishes.skip_hash_check;
    request.owner = wishes.owner;
    decision.manifest = wishes.manifest;
    return decision;
}

}  // namespace salvor::restore
