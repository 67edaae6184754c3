#include "core/verify/verify.hpp"

#include <algorithm>

#include "core/cluster/registry_key.hpp"
#include "core/verify/identity.hpp"
#include "core/verify/object/objects.hpp"
#include "core/verify/revision/key_rows.hpp"
#include "core/verify/rules.hpp"
#include "core/verify/stages.hpp"
#include "core/verify/wal/data_directory.hpp"
#include "formats/etcd/buckets.hpp"

namespace salvor::verify {
namespace {

/// The pass over the `key` bucket, beside the check of its pages.
class KeyPass {
 public:
    KeyPass(const bbolt::Database& db, const Rows& rows, Collector& findings)
        : db_(db),
          compaction_(rows.compaction()),
          findings_(findings),
          order_(db, compaction_, findings),
          history_(db, rows, findings) {}

    void leaf(const bbolt::CheckedLeaf& leaf) {
        for (std::size_t i = 0; i < leaf.page.count(); ++i) row(leaf, i);
    }
    /// Hands over where the rows of live keys stand, if Kubernetes is here and they could be
    /// followed.
    std::optional<std::vector<timeline::RowPosition>> finish() {
        order_.finish();
        auto live = history_.finish(registry_.found() ? History::LiveRows::wanted
                                                      : History::LiveRows::unwanted);
        if (!registry_.found() || !history_.followed()) return {};
        return live;
    }
    const cluster::Registry& registry() const { return registry_; }
    const std::optional<std::string>& kubernetes_prefix() const { return kubernetes_prefix_; }
    /// The store's revision as far as it was read; nullopt where no row was, and some were lost.
    std::optional<std::int64_t> current() const {
        const auto highest = std::max(order_.last_main(), compaction_.compacted());
        if (highest < 1 && !whole_) return {};
        return std::max(highest, std::int64_t{1});
    }
    void note_lost() { whole_ = false; }
    bool is_whole() const { return whole_; }
    bool lost_values() const { return lost_values_; }

 private:
    void row(const bbolt::CheckedLeaf& leaf, std::size_t i) {
        const auto key = read_row_key(db_, leaf, i, findings_);
        if (!key) return note_lost();
        order_.row(leaf, i, *key);
        const auto row = read_key_row(db_, leaf, i, *key, compaction_, findings_);
        if (!row) {
            lost_values_ = lost_values_ || !leaf.page.leaf(i).value.empty();
            return;
        }
        history_.row(*row);
        registry_.look_at(row->kv.key);
        if (!kubernetes_prefix_) kubernetes_prefix_ = cluster::prefix_by_kube_system(row->kv.key);
    }

    const bbolt::Database& db_;
    Compaction compaction_;
    Collector& findings_;
    RowOrder order_;
    History history_;
    cluster::Registry registry_;
    std::optional<std::string> kubernetes_prefix_;
    bool whole_ = true;
    bool lost_values_ = false;
};

void check_content(const Snapshot& snapshot, const Options& options, Collector& findings,
                   Report& report) {
    const auto& db = *snapshot.database();
    const auto rows = check_rows(db, check_buckets(db, findings), findings);
    KeyPass keys(db, rows, findings);
    const bool reached = check_structure(db, findings, [&](const bbolt::CheckedLeaf& leaf) {
        if (leaf.bucket == etcd::buckets::key) keys.leaf(leaf);
    });
    if (!reached) keys.note_lost();
    findings.checked(Layer::revision);
    auto live = keys.finish();
    check_compaction(rows, findings);
    check_auth(rows, findings);
    check_membership(rows, findings);
    check_versions(rows, findings);
    report.revision = keys.current();
    report.revision_at_least = !keys.is_whole();
    report.values_lost = keys.lost_values();
    report.kubernetes_prefix = keys.kubernetes_prefix();
    report.cluster_id =
        snapshot.data_directory() ? check_data_directory(snapshot, rows, findings) : std::nullopt;
    if (!report.cluster_id) report.cluster_id = certain_cluster(rows);
    check_identity(rows, report.cluster_id, options.expect_cluster, findings);
    if (!live) return;
    report.cluster = options.objects == Options::Objects::all ? ClusterVerdict::clear
                                                              : ClusterVerdict::unchecked;
    findings.checked(Layer::object);
    // What was lost would seem to be missing.
    const auto references = keys.is_whole() && options.objects == Options::Objects::all
                                ? References::wanted
                                : References::unwanted;
    if (references == References::wanted) findings.checked(Layer::reference);
    const auto objects =
        check_objects(db, keys.registry(), *std::move(live), options, references, findings);
    if (!objects) {
        report.cluster = ClusterVerdict::unchecked;
        return;
    }
    report.objects = objects->objects;
    report.host = objects->host;
}

}  // namespace

const char* name(BackupVerdict verdict) {
    return verdict == BackupVerdict::sound ? "sound" : "flawed";
}

const char* name(ClusterVerdict verdict) {
    switch (verdict) {
        case ClusterVerdict::clear: return "clear";
        case ClusterVerdict::concerns: return "concerns";
        case ClusterVerdict::unchecked: return "unchecked";
    }
    return "unknown";
}

Options backup_checks() {
    Options options;
    options.objects = Options::Objects::values;
    return options;
}

bool speaks_against_backup(const Finding& finding) {
    return finding.severity == Severity::error && finding.about == Subject::backup;
}

bool is_database(const Report& report) {
    return std::any_of(report.layers.begin(), report.layers.end(), [](const LayerReport& layer) {
        return layer.layer == Layer::page && layer.checked;
    });
}

Counts counts(const Report& report) {
    Counts all;
    for (const auto& layer : report.layers) {
        all.errors += layer.errors;
        all.warnings += layer.warnings;
        all.notes += layer.notes;
    }
    return all;
}

Report run(const Snapshot& snapshot, const Options& options) {
    Digest digest(snapshot.image(), options.progress);
    return run(snapshot, options, digest);
}

Report run(const Snapshot& snapshot, const Options& options, const Digest& digest) {
    Report report;
    Collector findings(options.findings_kept_per_rule);
    const bool is_database = check_container(snapshot, findings);
    if (is_database) {
        check_size(snapshot, findings);
        check_content(snapshot, options, findings, report);
    }
    const auto sha256 = digest.get();
    report.sha256 = hex(sha256);
    if (is_database) check_trailer(snapshot, sha256, findings);
    if (is_database && snapshot.trailer()) report.stored_sha256 = hex(*snapshot.trailer());
    findings.finish(report);
    // Nobody can say of what was not read that it is clear.
    if (report.cluster == ClusterVerdict::clear && (report.revision_at_least || report.values_lost))
        report.cluster = ClusterVerdict::unchecked;
    return report;
}

}  // namespace salvor::verify
