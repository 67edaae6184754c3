#include "core/query/sql/live_rows.hpp"

#include <algorithm>

namespace salvor::query {

LiveRows::LiveRows(const Source& source, const Wanted& wanted) : source_(&source), wanted_(wanted) {
    const bool has_types = wanted.kind || wanted.resource;
    if (wanted.key) {
        // Of a key that ends in a secret its beginning is shown.
        add_run(*wanted.key, true);
    } else if (has_types && source.cluster()) {
        add_types();
    } else if (!has_types) {
        runs_.push_back({0, source.state().size()});
    }
    if (!runs_.empty()) at_ = runs_.front().begin;
}

/// Where the objects of the types that are asked for stand, below each of the cluster's prefixes.
void LiveRows::add_types() {
    for (const auto& type : source_->cluster()->catalog().types()) {
        if (wanted_.kind && type.kind != *wanted_.kind) continue;
        if (wanted_.resource && type.full_name() != *wanted_.resource) continue;
        for (const auto& prefix : source_->cluster()->registry().prefixes()) {
            auto start = fmt::format("{}/{}/", prefix, type.key_prefix);
            if (type.namespaced && wanted_.namespace_name) start += *wanted_.namespace_name + "/";
            add_run(start, false);
        }
    }
    std::sort(runs_.begin(), runs_.end(),
              [](const Run& a, const Run& b) { return a.begin < b.begin; });
    // One type's place may lie within another's.
    std::vector<Run> apart;
    for (const auto& run : runs_) {
        if (apart.empty() || apart.back().end <= run.begin) {
            apart.push_back(run);
        } else {
            apart.back().end = std::max(apart.back().end, run.end);
        }
    }
    runs_ = std::move(apart);
}

void LiveRows::add_run(const std::string& start, bool whole_key) {
    const auto& state = source_->state();
    const auto begin = state.lower_bound(start);
    auto end = state.size();
    if (whole_key && begin < end && state.key(begin) == start) {
        end = begin + 1;
    } else if (const auto behind = timeline::prefix_end(start); behind != std::string(1, '\0')) {
        end = state.lower_bound(behind);
    }
    if (begin < end) runs_.push_back({begin, end});
}

const Stored* LiveRows::next() {
    constexpr std::size_t ahead = 8;
    while (run_ < runs_.size()) {
        if (at_ >= runs_[run_].end) {
            if (++run_ < runs_.size()) at_ = runs_[run_].begin;
            continue;
        }
        const auto place = at_++;
        if (place + ahead < runs_[run_].end) source_->state().ask_for(place + ahead);
        row_.emplace(*source_, source_->state()[place]);
        if (row_->holds(wanted_)) return &*row_;
    }
    row_.reset();
    return nullptr;
}

}  // namespace salvor::query
