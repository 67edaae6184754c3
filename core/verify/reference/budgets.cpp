#include <algorithm>
#include <array>
#include <unordered_map>

#include "core/verify/reference/referrer.hpp"
#include "core/verify/rules.hpp"
#include "formats/kube/fields.hpp"

namespace salvor::verify {
namespace {

constexpr Rule budget_pods{"budget-pods",
                           Layer::reference,
                           Severity::note,
                           "a PodDisruptionBudget selects a pod",
                           "it protects nothing: correct its selector, unless its pods are yet to "
                           "be made",
                           Subject::cluster};
constexpr std::array table{budget_pods};

/// The budgets of which no pod was seen yet, while the pods pass: each by its namespace and one
/// label that it wants, so that a pod meets those alone that may select it.
class Search {
 public:
    explicit Search(const std::vector<Budget>& budgets) {
        for (const auto& budget : budgets) {
            const auto wanted = budget.selector ? kube::bytes_at(*budget.selector, {1}) : Bytes();
            open_[place_of(budget.namespace_name, wanted)].push_back(&budget);
            ++left_[budget.namespace_name];
        }
    }
    /// Whether a pod of this namespace could be one.
    bool waits_in(const std::string& namespace_name) const {
        const auto left = left_.find(namespace_name);
        return left != left_.end() && left->second > 0;
    }
    /// `metadata`: of a pod.
    void look_at(Bytes namespace_name, Bytes metadata) {
        pass(place_of(namespace_name, {}), metadata);
        kube::each_field(metadata, 11 /* labels */, [&](const kube::FieldValue& label) {
            pass(place_of(namespace_name, label.bytes), metadata);
        });
    }
    /// In the budgets' order.
    bool is_open(const Budget& budget) {
        const auto wanted = budget.selector ? kube::bytes_at(*budget.selector, {1}) : Bytes();
        const auto& open = open_[place_of(budget.namespace_name, wanted)];
        return std::ranges::find(open, &budget) != open.end();
    }

 private:
    /// `label`: of labels or matchLabels, the same message. A view that holds until the next call.
    const std::string& place_of(Bytes namespace_name, Bytes label) {
        place_.assign(namespace_name).push_back('\0');
        if (!label.empty()) {
            place_.append(kube::bytes_at(label, {1})).push_back('\0');
            place_.append(kube::bytes_at(label, {2}));
        }
        return place_;
    }
    void pass(const std::string& place, Bytes metadata) {
        const auto waiting = open_.find(place);
        if (waiting == open_.end()) return;
        std::erase_if(waiting->second, [&](const Budget* budget) {
            const bool found = budget->selector && selects(*budget->selector, metadata);
            if (found) --left_[budget->namespace_name];
            return found;
        });
    }

    std::unordered_map<std::string, std::vector<const Budget*>> open_;
    std::unordered_map<std::string, std::size_t> left_;
    std::string place_;
};

}  // namespace

RuleRows budget_rules() {
    return table;
}

void check_budget(const Referrer& referrer) {
    const auto selector = kube::field_at(referrer.message(), {2 /* spec */, 2});
    referrer.tallies.budgets.push_back(
        {std::string(referrer.namespace_name()),
         selector ? std::optional(std::string(selector->bytes)) : std::nullopt,
         referrer.object.position});
}

void report_budgets(const Tallies& tallies, const Scope& scope, Collector& findings) {
    if (tallies.budgets.empty()) return;
    Search search(tallies.budgets);
    Lookup lookup(scope);
    for (const auto position : tallies.pods) {
        const auto pod = scope.definitions().at(position);
        const std::string namespace_name(pod.key.namespace_name);
        if (!search.waits_in(namespace_name)) continue;
        const auto message = lookup.message_of({position, true});
        search.look_at(namespace_name, kube::bytes_at(message, {1}));
    }
    for (const auto& budget : tallies.budgets) {
        if (!search.is_open(budget)) continue;
        const auto object = scope.definitions().at(budget.position);
        findings.add(budget_pods, object.place(),
                     fmt::format("{}: no pod of its namespace is selected by it", object.words()));
    }
}

}  // namespace salvor::verify
