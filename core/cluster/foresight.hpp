#pragma once

#include <string>
#include <vector>

#include "core/cluster/select.hpp"

namespace salvor::cluster {

/// What is known of a query before the cluster is: the keys that it can name at most. So one pass
/// over all rows finds both what the cluster says of itself and what was asked for.
class Foresight {
 public:
    /// `words` as parse_targets() takes them, checked there; `namespace_name` as Query has it.
    Foresight(const std::vector<std::string>& words, std::string raw_key,
              std::string namespace_name);
    /// False: nothing is known, and holds() would hold every key.
    bool is_narrow() const { return kind_ != Kind::nothing; }
    bool holds(Bytes key) const;
    /// Whether holds() let through all that the query names.
    bool covers(const Query& query) const;

 private:
    void foresee_places(Bytes kinds);
    /// Between slashes where the type's objects stand, those of the namespace if there is one.
    std::string place_of(const ResourceType& type) const;
    bool is_named(Bytes key) const;

    enum class Kind { nothing, raw_key, names, places, everything } kind_ = Kind::nothing;
    std::string raw_key_;
    std::string namespace_name_;
    std::vector<std::string> names_;
    std::vector<std::string> places_;  ///< of built-in types
};

}  // namespace salvor::cluster
