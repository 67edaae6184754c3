#include <algorithm>
#include <array>

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

/// The budgets of which no pod was seen yet, while the pods pass.
class Search {
 public:
    explicit Search(const std::vector<Budget>& budgets) {
        for (const auto& budget : budgets) open_.push_back(&budget);
    }
    bool is_over() const { return open_.empty(); }
    const std::vector<const Budget*>& open() const { return open_; }
    /// `metadata`: of a pod.
    void look_at(Bytes namespace_name, Bytes metadata) {
        std::erase_if(open_, [&](const Budget* budget) {
            return budget->namespace_name == namespace_name && budget->selector &&
                   selects(*budget->selector, metadata);
        });
    }

 private:
    std::vector<const Budget*> open_;
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
    Search search(tallies.budgets);
    Lookup lookup(scope);
    for (const auto position : tallies.pods) {
        if (search.is_over()) return;
        const auto pod = scope.definitions().at(position);
        const auto message = lookup.message_of({position, true});
        search.look_at(pod.key.namespace_name, kube::bytes_at(message, {1}));
    }
    for (const auto* budget : search.open()) {
        const auto object = scope.definitions().at(budget->position);
        findings.add(budget_pods, object.place(),
                     fmt::format("{}: no pod of its namespace is selected by it", object.words()));
    }
}

}  // namespace salvor::verify
