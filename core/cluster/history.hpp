#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/cluster/changes.hpp"
#include "core/cluster/redact.hpp"
#include "core/cluster/select.hpp"
#include "core/cluster/times.hpp"
#include "core/cluster/writers.hpp"
#include "core/timeline/carved.hpp"
#include "core/timeline/key_history.hpp"
#include "core/timeline/stretches.hpp"

namespace salvor::cluster {

enum class HistoryEvent : std::uint8_t {
    oldest_kept,  ///< changed or created; what was before it is gone
    created,
    changed,
    deleted,
    recreated,  ///< created after a deletion that is kept
};

struct HistoryEntry {
    HistoryEvent event{};
    std::int64_t revision = 0;
    /// No file has the revision: it lies behind this one, up to `revision`.
    std::optional<std::int64_t> net_after;
    std::int64_t version = 0;          ///< how often it was written since its creation; deleted: 0
    std::int64_t create_revision = 0;  ///< deleted: 0
    std::int64_t lost_writes = 0;      ///< between the one before and this: in no file
    std::optional<KnownTime> time;
    std::vector<Writer> writers;   ///< who made it of the one before: writers_between()
    std::int64_t compared_to = 0;  ///< the revision that `changes` starts from; 0: there is none
    Changes changes;
    std::string problem;  ///< not empty: why the value could not be read, or compared
    const timeline::Carved* carved = nullptr;  ///< no file keeps it: where it was found
};

/// All that a file keeps of one object, or several files of one lineage.
class History {
 public:
    struct Options {
        bool managed_fields = false;  ///< as changes too
        bool show_secrets = false;
    };
    /// The object of a query: one KIND and one NAME, or a raw key; deleted ones too. Told up to
    /// `last`, and up to what each cluster shows; what kinds there are, the first cluster knows.
    /// `carved` is joined into it, must outlive it, and has nothing that a file keeps.
    /// Errors: not_found; usage (the name stands in several namespaces); malformed.
    static Result<History> of(const std::vector<const Cluster*>& clusters, const Query& query,
                              std::int64_t last = INT64_MAX,
                              const std::vector<timeline::Carved>& carved = {});
    /// Those of the keys for which `keep` says yes, by key, in one walk over all rows.
    /// Errors: malformed.
    static Result<std::vector<History>> of_keys(const Cluster& cluster,
                                                const std::function<bool(Bytes)>& keep);

    const std::string& key() const { return key_; }
    /// Views into key().
    ObjectKey object_key() const;
    std::size_t size() const { return kept_; }
    /// How many revisions were carved beside those.
    std::size_t carved() const { return carved_; }
    /// Revisions at or before this are gone, but for the state that it left; -1: none are.
    std::int64_t compacted() const { return compacted_; }
    /// How many writes of the first life that is kept came before the first revision that is.
    std::int64_t lost_versions() const;
    /// Of several files: the revisions behind compacted() of which none has the changes.
    const std::vector<timeline::Stretch>& gaps() const { return gaps_; }

    /// From the oldest on; the entry lives for the call alone. `times`: of each cluster, in order.
    void each(const std::vector<const Times*>& times, const Options& options,
              const std::function<void(const HistoryEntry&)>& each) const;

 private:
    class Walk;
    struct Row {
        std::size_t source;
        timeline::KeptRow kept;
        std::optional<std::int64_t> net_after;  ///< no row: a deletion that a gap hides
        const timeline::Carved* carved = nullptr;
        std::int64_t main() const { return kept.row_key.revision.main; }
        bool is_put() const { return !kept.row_key.tombstone; }
    };
    explicit History(std::vector<const Cluster*> clusters) : clusters_(std::move(clusters)) {}
    Result<void> read_spans(std::int64_t last);
    void take(std::vector<timeline::KeyHistory> of_each_source,
              const std::vector<const timeline::Carved*>& carved = {});
    etcd::KeyValue key_value(const Row& row) const;
    void note_hidden_deletions(const timeline::Stretch& gap,
                               const std::vector<timeline::KeptRow>& newer);
    void note_hidden_deletion(std::int64_t after, std::int64_t upto);

    std::vector<const Cluster*> clusters_;
    std::string key_;
    std::vector<Row> rows_;
    std::size_t kept_ = 0;
    std::size_t carved_ = 0;
    std::int64_t compacted_ = -1;
    std::vector<timeline::Stretch> gaps_;
    std::vector<timeline::Stretch> dark_;  ///< the gaps, and what is before all that is kept
};

}  // namespace salvor::cluster
