#include "core/verify/verify.hpp"

#include <algorithm>
#include <future>
#include <system_error>

#include "core/verify/revision/key_rows.hpp"
#include "core/verify/rules.hpp"
#include "core/verify/stages.hpp"
#include "formats/etcd/buckets.hpp"

namespace salvor::verify {
namespace {

// Between two looks at the map; large enough that the call costs nothing.
constexpr std::size_t digest_step = 1 << 20;

Sha256Digest digest_of(Bytes image) {
    Sha256 sha;
    for (; !image.empty(); image.remove_prefix(std::min(digest_step, image.size()))) {
        sha.update(image.substr(0, digest_step));
    }
    return sha.finish();
}

/// The pass over the `key` bucket, beside the check of its pages.
class KeyPass {
 public:
    KeyPass(const bbolt::Database& db, const Rows& rows, Collector& findings)
        : db_(db),
          compacted_(rows.compacted()),
          findings_(findings),
          order_(db, compacted_, findings),
          history_(db, rows, findings) {}

    void leaf(const bbolt::CheckedLeaf& leaf) {
        for (std::size_t i = 0; i < leaf.page.count(); ++i) row(leaf, i);
    }
    void finish() {
        order_.finish();
        history_.finish();
    }
    std::int64_t current() const {
        return std::max({order_.last_main(), compacted_, std::int64_t{1}});
    }

 private:
    void row(const bbolt::CheckedLeaf& leaf, std::size_t i) {
        const auto key = read_row_key(db_, leaf, i, findings_);
        if (!key) return;
        order_.row(leaf, i, *key);
        if (const auto row = read_key_row(db_, leaf, i, *key, compacted_, findings_))
            history_.row(*row);
    }

    const bbolt::Database& db_;
    std::int64_t compacted_;
    Collector& findings_;
    RowOrder order_;
    History history_;
};

/// On a thread of its own, or here where there is none to be had.
std::future<Sha256Digest> start_digest(Bytes image) {
    try {
        return std::async(std::launch::async, digest_of, image);
    } catch (const std::system_error&) {
        return std::async(std::launch::deferred, digest_of, image);
    }
}

void check_content(const bbolt::Database& db, Collector& findings, Report& report) {
    const auto buckets = check_buckets(db, findings);
    const auto rows = check_rows(db, buckets, findings);
    KeyPass keys(db, rows, findings);
    check_structure(db, findings, [&](const bbolt::CheckedLeaf& leaf) {
        if (leaf.bucket == etcd::buckets::key) keys.leaf(leaf);
    });
    findings.checked(Layer::revision);
    keys.finish();
    check_compaction(rows, findings);
    check_auth(rows, findings);
    check_membership(rows, findings);
    check_versions(rows, findings);
    report.revision = keys.current();
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
    Report report;
    Collector findings(options.findings_kept_per_rule);
    auto digest = start_digest(snapshot.image());
    const bool is_database = check_container(snapshot, findings);
    if (is_database) {
        check_size(snapshot, findings);
        check_content(*snapshot.database(), findings, report);
    }
    const auto sha256 = digest.get();
    report.sha256 = hex(sha256);
    if (is_database) check_trailer(snapshot, sha256, findings);
    findings.finish(report);
    return report;
}

}  // namespace salvor::verify
