#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/cluster/changes.hpp"
#include "core/cluster/redact.hpp"
#include "core/cluster/select.hpp"
#include "core/diff/field_filter.hpp"
#include "core/timeline/differences.hpp"

namespace salvor::diff {

/// One of the two views.
struct Side {
    const timeline::State* state;     ///< the keys that may differ, and perhaps more
    const cluster::Cluster* cluster;  ///< nullptr where there is no Kubernetes
};

enum class ChangeKind : std::uint8_t { added, removed, changed };

/// One key that is not the same. Texts and values live for the call that tells it.
struct Change {
    ChangeKind kind{};
    std::string key;          ///< less what is secret in it
    std::string api_version;  ///< empty, as the next two: no object of Kubernetes
    std::string object_kind;
    std::string resource;  ///< "deployments.apps"
    std::string namespace_name;
    std::string name;
    std::int64_t old_revision = 0;  ///< of its last write; 0 where it is not there
    std::int64_t new_revision = 0;
    bool recreated = false;   ///< deleted and created in between
    cluster::Changes fields;  ///< of a changed one
    std::string problem;      ///< not empty: why its fields could not be told
};

struct Tally {
    std::uint64_t added = 0, removed = 0, changed = 0;
    void count(ChangeKind kind) {
        ++(kind == ChangeKind::added ? added : kind == ChangeKind::removed ? removed : changed);
    }
    std::uint64_t all() const { return added + removed + changed; }
};

struct Summary {
    Tally all;
    std::map<std::string, Tally> by_resource;       ///< "" of keys that are no objects
    std::map<std::string, Tally> by_namespace;      ///< "" of what has none
    std::map<std::string, std::uint64_t> left_out;  ///< objects, by the rule that hid something
    std::uint64_t ignored = 0;                      ///< objects in which --ignore hid something
    std::uint64_t unreadable = 0;
};

struct Options {
    bool all = false;         ///< no rule holds
    bool one_lineage = true;  ///< else what has another creation was not created again
    bool show_secrets = false;
    std::vector<FieldPath> ignored;
    /// Which objects: by kind, name and namespace; by labels on either side.
    cluster::Query query;
    bool selects_all = true;  ///< the query leaves out nothing, and keys that are no objects count
};

/// What differs between two views, key by key.
class Comparison {
 public:
    /// The sides and the options must outlive it. Both sides have Kubernetes or neither is looked
    /// at as such.
    Comparison(const Side& before, const Side& after, const Options& options);

    /// In the order of the keys.
    Summary run(const std::function<void(const Change&)>& take);

 private:
    struct Seen;
    struct Reading;
    bool is_object_view() const { return before_.cluster && after_.cluster; }
    bool is_selected(Bytes key) const;
    bool labels_pass(const Seen& before, const Seen& after) const;
    Seen look(const cluster::Cluster* cluster, const etcd::KeyValue* row) const;
    void compare(const etcd::KeyValue* before, const etcd::KeyValue* after);
    void compare_objects(const Seen& before, const Seen& after);
    void compare_raw(const etcd::KeyValue* before, const etcd::KeyValue* after);
    bool tell_fields(const Seen& before, const Seen& after, Change& change);
    Result<void> read(const Seen& seen, Reading& reading) const;
    void count(const Hidden& hidden);
    void tell(const Change& change);

    Side before_, after_;
    const Options& options_;
    cluster::Redactor redactor_;
    const std::function<void(const Change&)>* take_ = nullptr;
    Summary summary_;
};

}  // namespace salvor::diff
