#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "core/cluster/object_key.hpp"
#include "core/timeline/rows.hpp"
#include "core/verify/collector.hpp"

namespace salvor::verify {

/// The newest row of a key below the registry, while the pass stands on it.
struct StoredObject {
    const bbolt::Database& db;
    timeline::RowPosition position;
    etcd::KeyValue kv;
    cluster::ObjectKey key;  ///< its type is nullptr where no table and no CRD has the place
    Bytes group, resource;   ///< by the key: "apps", "deployments"; resource is empty: no object

    Place place() const;
    /// The key, escaped; of a token all but its name.
    std::string words() const;
};

/// Findings of one part of the pass, in its order. Parts are looked at side by side and handed over
/// one after the other, so that the same file has the same findings.
class Sayings {
 public:
    void add(const Rule& rule, Place place, std::string message) {
        said_.push_back({&rule, std::move(place), std::move(message)});
    }
    /// Whether findings of the rule are counted and not kept: there were enough of it in the parts
    /// that were handed over.
    bool counts_only(const Rule& rule) const {
        return std::find(full_.begin(), full_.end(), &rule) != full_.end();
    }
    void count(const Rule& rule) { ++counted_[&rule]; }
    void hand_over(Collector& findings) {
        for (auto& one : said_) {
            findings.add(*one.rule, std::move(one.place), std::move(one.message));
            if (findings.is_full(*one.rule) && !counts_only(*one.rule)) full_.push_back(one.rule);
        }
        said_.clear();
        for (const auto& [rule, count] : counted_) findings.count(*rule, count);
        counted_.clear();
    }

 private:
    struct Saying {
        const Rule* rule;
        Place place;
        std::string message;
    };
    std::vector<Saying> said_;
    std::vector<const Rule*> full_;
    std::map<const Rule*, std::size_t> counted_;
};

}  // namespace salvor::verify
