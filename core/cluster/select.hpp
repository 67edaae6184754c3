#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/cluster/cluster.hpp"
#include "core/cluster/selector.hpp"

namespace salvor::cluster {

/// One KIND of those that were asked for.
struct Target {
    const ResourceType* type = nullptr;
    std::string version;             ///< empty: none was said
    std::vector<std::string> names;  ///< empty: all
};

/// Which objects.
struct Query {
    std::vector<Target> targets;  ///< in the order asked for; empty: every object
    bool one_object = false;      ///< one KIND and one NAME: the answer is no list
    std::string namespace_name;   ///< empty: all
    std::string raw_key;          ///< not empty: the object stored at this very key, nothing else
    Requirements labels;
    Requirements fields;
};

/// What stands behind SOURCE on the command line: `KIND[,KIND...] [NAME...]` or `KIND/NAME...`, in
/// kubectl's words (plural, singular, short name, category, with group and version).
/// Errors: usage, not_found (no resource is called so).
Result<std::vector<Target>> parse_targets(const Catalog& catalog,
                                          const std::vector<std::string>& words);
bool is_one_object(const std::vector<Target>& targets, const std::vector<std::string>& words);

/// A selected row, opened when somebody asks.
class Candidate {
 public:
    Candidate(const Cluster& cluster, const Item& item) : cluster_(&cluster), item_(&item) {}
    const Item& item() const { return *item_; }
    const Result<Object>& object() const {
        if (!object_) object_.emplace(cluster_->open_object(*item_));
        return *object_;
    }

 private:
    const Cluster* cluster_;
    const Item* item_;
    mutable std::optional<Result<Object>> object_;
};

/// The rows that a query names by kind, namespace and name, before any object is opened.
class Selection {
 public:
    /// Reads keys alone. Errors: malformed.
    static Result<Selection> of(const Cluster& cluster, const Query& query);
    std::size_t size() const { return rows_.size(); }
    /// Names that no row has, as "pods/web".
    const std::vector<std::string>& missing() const { return missing_; }

    /// Calls `each(candidate)` for those that the selectors let through (and for those of which
    /// that cannot be told, whose object() is an Error), in the order of kubectl: target by target,
    /// by key within one; until it returns false.
    void each(const std::function<bool(const Candidate&)>& each) const;

 private:
    Selection(const Cluster& cluster, const Query& query, timeline::State rows)
        : cluster_(&cluster), query_(&query), rows_(std::move(rows)) {}
    void order();
    void add(const Target& target);

    const Cluster* cluster_;
    const Query* query_;
    timeline::State rows_;
    struct Run {
        std::size_t begin, end;
    };
    std::vector<Run> runs_;  ///< of rows_, in the order in which they are told
    std::vector<std::string> missing_;
};

}  // namespace salvor::cluster
