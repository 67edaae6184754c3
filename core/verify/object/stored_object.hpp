#pragma once

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
    void hand_over(Collector& findings) {
        for (auto& one : said_)
            findings.add(*one.rule, std::move(one.place), std::move(one.message));
        said_.clear();
    }

 private:
    struct Saying {
        const Rule* rule;
        Place place;
        std::string message;
    };
    std::vector<Saying> said_;
};

}  // namespace salvor::verify
