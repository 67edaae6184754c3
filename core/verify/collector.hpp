#pragma once

#include <map>
#include <string>

#include "core/verify/verify.hpp"

namespace salvor::verify {

/// Takes findings in: counts every one, keeps the first of each rule up to the cap.
class Collector {
 public:
    explicit Collector(std::size_t kept_per_rule) : kept_per_rule_(kept_per_rule) {}

    void add(const Rule& rule, Place place, std::string message);
    /// With the remedy of this one finding in place of the rule's.
    void add(const Rule& rule, Place place, std::string message, std::string remedy);
    /// Findings of a rule that has enough of them.
    void count(const Rule& rule, std::size_t times);
    bool is_full(const Rule& rule) const;
    /// That a stage was run, with or without findings.
    void checked(Layer layer) { layer_of(layer).checked = true; }
    std::size_t errors(Layer layer) const;

    /// Moves everything into the report: findings by layer, then place.
    void finish(Report& report);

 private:
    LayerReport& layer_of(Layer layer);
    const LayerReport& layer_of(Layer layer) const;

    std::size_t kept_per_rule_;
    std::map<std::string, std::size_t, std::less<>> seen_;
    std::vector<LayerReport> layers_ = {{Layer::envelope, false}, {Layer::page, false},
                                        {Layer::tree, false},     {Layer::record, false},
                                        {Layer::revision, false}, {Layer::wal, false},
                                        {Layer::object, false},   {Layer::reference, false}};
    bool flawed_ = false;     ///< an error speaks of the backup
    bool concerned_ = false;  ///< an error or a warning speaks of the cluster
    std::vector<Finding> findings_;
};

}  // namespace salvor::verify
