#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/finding/finding.hpp"
#include "core/snapshot/snapshot.hpp"
#include "core/verify/digest.hpp"
#include "core/verify/host/matches.hpp"
#include "formats/etcd/member.hpp"
#include "formats/kube/at_rest/config.hpp"

namespace salvor::verify {

struct Host;

struct Options {
    Digest::Progress progress;
    std::optional<etcd::ClusterId> expect_cluster;
    /// The server's EncryptionConfiguration, to open what is encrypted at rest.
    const kube::at_rest::Config* encryption = nullptr;
    /// From when on what has an end is over: certificates, tokens, leases. Seconds since 1970.
    std::optional<std::int64_t> now;
    /// Where the cluster is to be restored: whether what it trusts goes with that host's files.
    const Host* host = nullptr;
    /// Values alone: whether each decodes whole, which is the backup's; all: what the objects say
    /// as well, which is the cluster's.
    enum class Objects { values, all } objects = Objects::all;
    /// A file with millions of flaws is told by the first of each rule and a count.
    std::size_t findings_kept_per_rule = 100;
};

enum class BackupVerdict { sound, flawed };
enum class ClusterVerdict { clear, concerns, unchecked };
const char* name(BackupVerdict verdict);
const char* name(ClusterVerdict verdict);

struct LayerReport {
    Layer layer;
    bool checked;  ///< false: an earlier layer's errors left nothing to look at, or there is no
                   ///< such layer here
    std::size_t errors = 0, warnings = 0, notes = 0;
};

/// What the checks say of one source. The backup's verdict is flawed exactly when there is an error
/// that speaks of the backup; the cluster is of concern where a warning speaks of it.
struct Report {
    BackupVerdict backup = BackupVerdict::sound;
    ClusterVerdict cluster = ClusterVerdict::unchecked;
    std::vector<LayerReport> layers;
    std::vector<Finding> findings;                ///< by layer, then place
    std::map<std::string, std::size_t> not_kept;  ///< per rule: how many more there were
    /// For choosing among several sources: one lineage has one cluster id, or where none is known
    /// one history (the same row at a common revision).
    std::optional<etcd::ClusterId> cluster_id;
    std::optional<std::int64_t> revision;  ///< nullopt: no database, or nothing read tells it
    /// Part of the `key` bucket could not be read: the revision may be higher.
    bool revision_at_least = false;
    /// Or only what some of its rows hold: what is live may be something else.
    bool values_lost = false;
    std::optional<std::string> sha256;  ///< of the image
    /// What the trailer of a snapshot says of it; nullopt where there is none.
    std::optional<std::string> stored_sha256;
    /// Where Kubernetes keeps its objects, "/registry" mostly; nullopt where it has none here. It
    /// is known by the namespace that no cluster is without, kube-system, live or not.
    std::optional<std::string> kubernetes_prefix;
    std::uint64_t objects = 0;  ///< of Kubernetes, live, that were looked at
    HostMatches host;           ///< with Options::host
};

/// What a backup alone is checked for, before something is made of it: of Kubernetes' objects only
/// whether each decodes, and not what they say.
Options backup_checks();

/// Whether it alone makes the backup flawed.
bool speaks_against_backup(const Finding& finding);

/// Whether one was found, so that there was more to look at than the envelope.
bool is_database(const Report& report);

struct Counts {
    std::size_t errors = 0, warnings = 0, notes = 0;
};
/// Over all layers, those findings counted that were not kept.
Counts counts(const Report& report);

/// Runs every stage on one source: envelope, page, tree, record, revision, for a data directory the
/// WAL and .snap files, and what Kubernetes stored. Never fails for what is in the file: that is a
/// finding. The digest runs beside the rest on a second thread. Memory: 24 bytes a key and 51 an
/// object at most, and the findings kept.
Report run(const Snapshot& snapshot, const Options& options);
/// The same with a digest of the image that was started before; `progress` is then its own.
Report run(const Snapshot& snapshot, const Options& options, const Digest& digest);

/// A row of the one table of rules: `verify --list-rules`, verify.md and the flawed files' test are
/// made from it.
struct Rule {
    const char* id;
    Layer layer;
    Severity severity;
    const char* what;    ///< what it checks, a sentence
    const char* remedy;  ///< what to do when it is broken
    Subject about = Subject::backup;
};
const std::vector<Rule>& rules();

}  // namespace salvor::verify
