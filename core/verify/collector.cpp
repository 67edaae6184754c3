#include "core/verify/collector.hpp"

#include <algorithm>
#include <cassert>
#include <limits>
#include <tuple>

namespace salvor::verify {
namespace {

/// Findings without an offset come first: they speak of the whole file.
auto position(const Finding& finding) {
    return std::tuple(finding.layer, finding.place.file, finding.place.offset.value_or(0));
}

}  // namespace

LayerReport& Collector::layer_of(Layer layer) {
    return const_cast<LayerReport&>(std::as_const(*this).layer_of(layer));
}

const LayerReport& Collector::layer_of(Layer layer) const {
    const auto found = std::find_if(layers_.begin(), layers_.end(),
                                    [&](const auto& row) { return row.layer == layer; });
    assert(found != layers_.end());
    return *found;
}

std::size_t Collector::errors(Layer layer) const {
    return layer_of(layer).errors;
}

void Collector::add(const Rule& rule, Place place, std::string message) {
    add(rule, std::move(place), std::move(message), rule.remedy);
}

void Collector::add(const Rule& rule, Place place, std::string message, std::string remedy) {
    count(rule, 1);
    if (seen_[rule.id] > kept_per_rule_) return;
    findings_.push_back({rule.id, rule.severity, rule.layer, std::move(place), std::move(message),
                         std::move(remedy), rule.about});
}

void Collector::count(const Rule& rule, std::size_t times) {
    auto& layer = layer_of(rule.layer);
    layer.checked = true;
    switch (rule.severity) {
        case Severity::error: layer.errors += times; break;
        case Severity::warning: layer.warnings += times; break;
        case Severity::note: layer.notes += times; break;
    }
    flawed_ = flawed_ || (rule.about == Subject::backup && rule.severity == Severity::error);
    concerned_ = concerned_ || (rule.about == Subject::cluster && rule.severity != Severity::note);
    seen_[rule.id] += times;
}

bool Collector::is_full(const Rule& rule) const {
    const auto seen = seen_.find(std::string_view(rule.id));
    return seen != seen_.end() && seen->second >= kept_per_rule_;
}

void Collector::finish(Report& report) {
    std::stable_sort(findings_.begin(), findings_.end(),
                     [](const auto& a, const auto& b) { return position(a) < position(b); });
    report.findings = std::move(findings_);
    report.layers = layers_;
    for (const auto& [rule, count] : seen_) {
        if (count > kept_per_rule_) report.not_kept[rule] = count - kept_per_rule_;
    }
    report.backup = flawed_ ? BackupVerdict::flawed : BackupVerdict::sound;
    if (report.cluster == ClusterVerdict::clear && concerned_)
        report.cluster = ClusterVerdict::concerns;
}

}  // namespace salvor::verify
