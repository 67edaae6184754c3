#include <algorithm>

#include "core/audit/rights.hpp"

namespace salvor::audit {
namespace {

bool is_selected(const AggregatedRole& role, const cluster::Requirements& selector) {
    return std::all_of(selector.begin(), selector.end(), [&](const cluster::Requirement& each) {
        const auto found = role.labels.find(each.key);
        return each.holds(found == role.labels.end() ? std::nullopt
                                                     : std::optional<Bytes>(found->second));
    });
}

bool has(const Role& role, const PolicyRule& rule) {
    const auto among = [&](const std::vector<PolicyRule>& rules) {
        return std::find(rules.begin(), rules.end(), rule) != rules.end();
    };
    return among(role.rules) || among(role.pending);
}

/// Whether anything was new to it.
bool take_rules(Role& role, const Role& from) {
    bool any = false;
    for (const auto* rules : {&from.rules, &from.pending}) {
        for (const auto& rule : *rules) {
            if (has(role, rule)) continue;
            role.pending.push_back(rule);
            any = true;
        }
    }
    return any;
}

}  // namespace

/// One aggregated role may select another, so it goes on until nothing is new.
void add_pending(std::vector<AggregatedRole>& roles) {
    for (bool any = true; any;) {
        any = false;
        for (auto& role : roles) {
            for (const auto& selector : role.selectors) {
                for (const auto& other : roles) {
                    if (&other != &role && is_selected(other, selector))
                        any = take_rules(*role.role, *other.role) || any;
                }
            }
        }
    }
}

}  // namespace salvor::audit
