#pragma once

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/cluster/cluster.hpp"
#include "core/cluster/json_path.hpp"
#include "core/cluster/redact.hpp"
#include "core/cluster/selector.hpp"

namespace salvor::cluster {

/// One KIND of those that were asked for.
struct Target {
    const ResourceType* type = nullptr;
    std::string api_version;         ///< "apps/v1beta1"; empty: none was said
    std::vector<std::string> names;  ///< empty: all
};

/// Which objects.
struct Query {
    std::vector<Target> targets;  ///< in the order asked for; empty: every object
    bool one_object = false;      ///< one KIND and one NAME: the answer is no list
    std::string namespace_name;   ///< empty: all
    bool with_namespace = false;  ///< without targets: that Namespace itself as well
    std::string raw_key;          ///< not empty: the object stored at this very key, nothing else
    bool foreseen = false;        ///< the cluster's Options::foreseen let through all that it names
    Requirements labels;
    Requirements fields;
    /// Whether fields are compared with what is secret: then a guess at it can be confirmed.
    enum class Secrets { redacted, compared } secrets = Secrets::redacted;
};

/// What stands behind SOURCE on the command line: `KIND[,KIND...] [NAME...]` or `KIND/NAME...`, in
/// kubectl's words (plural, singular, short name, category, with group and version).
/// Errors: usage, unsupported (no resource is called so; the nearest word is told).
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

/// What a field selector asks of one object: its text, "" where the field is absent.
class FieldMatcher {
 public:
    /// Errors: usage.
    static Result<FieldMatcher> of(const Query& query);
    /// Errors: those of the object.
    Result<bool> holds(const Candidate& candidate) const;

 private:
    struct Field {
        Requirement requirement;
        std::vector<JsonPath> paths;  ///< the first that finds something counts
        std::string when_absent;
        bool is_name = false, is_namespace = false;  ///< told by the key
    };
    std::vector<Field> fields_;
    Query::Secrets secrets_ = Query::Secrets::redacted;
    Redactor redactor_;
};

/// Whether an object's labels are such. Errors: malformed.
Result<bool> labels_hold(const Object& object, const Requirements& labels);

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
    /// Orders by a key of each object, which `less` compares; equal ones stay as they were.
    template <class Key, class KeyOf, class Less>
    void sort(KeyOf&& key_of, Less&& less);

 private:
    Selection(const Cluster& cluster, const Query& query, timeline::State rows)
        : cluster_(&cluster), query_(&query), rows_(std::move(rows)) {}
    /// As each(), with the row's place.
    void each_row(const std::function<bool(const Candidate&, std::size_t)>& each) const;
    bool passes(const Candidate& candidate) const;
    void order();
    void add(const Target& target);

    const Cluster* cluster_;
    const Query* query_;
    timeline::State rows_;
    FieldMatcher fields_;
    struct Run {
        std::size_t begin, end;
    };
    std::vector<Run> runs_;  ///< of rows_, in the order in which they are told
    std::vector<std::string> missing_;
};

template <class Key, class KeyOf, class Less>
void Selection::sort(KeyOf&& key_of, Less&& less) {
    std::vector<std::pair<Key, std::size_t>> keys;
    each_row([&](const Candidate& candidate, std::size_t row) {
        keys.emplace_back(key_of(candidate), row);
        return true;
    });
    std::stable_sort(keys.begin(), keys.end(),
                     [&](const auto& a, const auto& b) { return less(a.first, b.first); });
    runs_.clear();
    for (const auto& [key, row] : keys) runs_.push_back({row, row + 1});
}

}  // namespace salvor::cluster
