#include "core/diff/field_filter.hpp"

#include <algorithm>

#include "core/diff/noise.hpp"

namespace salvor::diff {
namespace {

const FieldRule* companion_rule(const cluster::FieldChange& field) {
    for (const auto& rule : field_rules()) {
        if (rule.beside_others && rule.path.covers(field.path)) return &rule;
    }
    return nullptr;
}

}  // namespace

Hidden FieldFilter::hide(kube::Value& before, kube::Value& after, Bytes kind) const {
    const auto differs = [&](const FieldPath& path) {
        const auto old_values = path.take_out_of(before);
        return old_values != path.take_out_of(after);
    };
    Hidden hidden;
    for (const auto& path : ignored_) {
        if (differs(path)) hidden.insert(ignored_rule);
    }
    if (all_) return hidden;
    for (const auto& rule : field_rules()) {
        if (rule.beside_others || kind == rule.but_for_kind) continue;
        // Whatever is written again has a new revision, which is not worth a count.
        if (differs(rule.path) && rule.path.text() != "metadata.resourceVersion")
            hidden.insert(std::string(rule.name));
    }
    return hidden;
}

Hidden FieldFilter::drop_companions(cluster::Changes& changes) const {
    Hidden hidden;
    auto& fields = changes.fields;
    const bool has_others = std::any_of(fields.begin(), fields.end(),
                                        [](const auto& field) { return !companion_rule(field); });
    if (all_ || !has_others) return hidden;
    std::erase_if(fields, [&](const cluster::FieldChange& field) {
        const auto* rule = companion_rule(field);
        if (rule) hidden.insert(std::string(rule->name));
        return rule != nullptr;
    });
    return hidden;
}

}  // namespace salvor::diff
