#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/cluster/history.hpp"
#include "core/diff/field_path.hpp"

// What happened, change by change: the history of all keys of one cluster, out of one file or of
// several.

namespace salvor::diff {

enum class Verb : std::uint8_t {
    created,
    updated,
    deleted,
    expired,  ///< deleted, and the lease that it was attached to is gone as well
};
Bytes verb_name(Verb verb);

/// One change of one key. Texts and values live for the call that tells it.
struct Event {
    std::int64_t revision = 0;
    Verb verb{};
    /// Only what a stretch without its revisions came to: it lies behind `after` up to `revision`.
    std::optional<std::int64_t> net_after;
    std::string detail;  ///< "scaled", "rolled out", "bound"...; empty: nothing special
    std::string key;
    std::string api_version, object_kind, resource, namespace_name, name;
    std::optional<cluster::KnownTime> time;
    std::vector<cluster::Writer> writers;  ///< who made the change: cluster::writers_between()
    cluster::Changes changes;
    const kube::Value* last_state = nullptr;  ///< of what was deleted, where it is asked for
    bool is_secret = false;                   ///< its last state is, and is not shown
    std::string problem;                      ///< why the value could not be read
    const timeline::Carved* carved = nullptr;  ///< no file keeps it: where it was found
    bool from_unknown = false;                 ///< an update of a state that is not known
};

/// Revisions behind `after` up to `upto` of which no file has the changes.
struct Gap {
    std::int64_t after, upto;
    bool tells_net = false;     ///< what they came to is told; else there is no older state
    bool tells_carved = false;  ///< what was carved of them is told
};

struct TimelineOptions {
    bool all = false;  ///< no rule holds, and every key counts
    bool show_secrets = false;
    bool security = false;
    enum class LastState : std::uint8_t {
        not_told,
        served,      ///< as a server would have served it
        manifest,    ///< less what a server sets, so that it applies again
    } last_state{};  ///< of what was deleted
    cluster::Query query;
    bool selects_all = true;
    std::vector<Verb> verbs;                   ///< empty: any
    std::string manager;                       ///< empty: any
    std::string name;                          ///< of an object of any kind; empty: any
    std::int64_t first = 0, last = INT64_MAX;  ///< revisions
    std::optional<std::int64_t> since, until;  ///< seconds since 1970; what may lie between passes
};

/// One file of the history.
struct TimelineSource {
    const cluster::Cluster* cluster;
    const cluster::Times* times;
};

/// Tells events and gaps in the order of revisions. The sources are of one lineage; what was carved
/// of them ascends by revision, has nothing that one of them keeps, and must outlive the call.
/// Errors: malformed, too_large.
Result<void> tell_timeline(const std::vector<TimelineSource>& sources,
                           const std::vector<timeline::Carved>& carved,
                           const TimelineOptions& options,
                           const std::function<void(const Event&)>& take,
                           const std::function<void(const Gap&)>& take_gap);

}  // namespace salvor::diff
