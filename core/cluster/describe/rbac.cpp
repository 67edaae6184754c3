#include <algorithm>
#include <array>
#include <map>

#include "core/cluster/describe/parts.hpp"

// Source: kubectl pkg/util/rbac/rbac.go

namespace salvor::describe {
namespace {

/// A rule of one resource in one group, or of one path. What is empty has no part in it.
struct Rule {
    std::vector<std::string> verbs, groups, resources, names, paths;

    static std::string list(const std::vector<std::string>& texts) {
        return fmt::format("[{}]", table::join(texts, " "));
    }
    /// By which upstream sorts: the rule as Go prints it.
    std::string key() const {
        return fmt::format(
            "&PolicyRule{{Verbs:{},APIGroups:{},Resources:{},ResourceNames:{},NonResourceURLs:{},}"
            "}",
            list(verbs), list(groups), list(resources), list(names), list(paths));
    }
    /// pods.apps/status of pods/status in apps.
    std::string resource() const {
        if (resources.empty()) return {};
        const auto& full = resources.front();
        const auto slash = std::min(full.find('/'), full.size());
        const auto group = groups.empty() || groups.front().empty() ? "" : "." + groups.front();
        return full.substr(0, slash) + group + full.substr(slash);
    }
};

/// The rules of one resource each, with all of its verbs.
class Compaction {
 public:
    void add(const Value& rule) {
        const auto verbs = texts_at(rule, "verbs");
        const auto names = texts_at(rule, "resourceNames");
        for (const auto& group : texts_at(rule, "apiGroups")) {
            for (const auto& resource : texts_at(rule, "resources")) {
                for (const auto& verb : verbs) {
                    if (names.empty()) add_verb({{}, {group}, {resource}, {}, {}}, verb);
                    for (const auto& one : names)
                        add_verb({{}, {group}, {resource}, {one}, {}}, verb);
                }
            }
        }
        for (const auto& path : texts_at(rule, "nonResourceURLs")) {
            for (const auto& verb : verbs) rules_.push_back({{verb}, {}, {}, {}, {path}});
        }
    }
    std::vector<Rule> take() {
        std::vector<std::pair<std::string, Rule>> keyed;
        for (auto& rule : rules_) keyed.emplace_back(rule.key(), std::move(rule));
        std::stable_sort(keyed.begin(), keyed.end(),
                         [](const auto& a, const auto& b) { return a.first < b.first; });
        std::vector<Rule> sorted;
        for (auto& [key, rule] : keyed) sorted.push_back(std::move(rule));
        return sorted;
    }

 private:
    void add_verb(Rule rule, const std::string& verb) {
        const auto [at, is_new] =
            places_.emplace(fmt::format("{}\n{}\n{}", rule.groups[0], rule.resources[0],
                                        rule.names.empty() ? "" : "\n" + rule.names[0]),
                            rules_.size());
        if (is_new) rules_.push_back(std::move(rule));
        auto& verbs = rules_[at->second].verbs;
        if (std::find(verbs.begin(), verbs.end(), verb) == verbs.end()) verbs.push_back(verb);
    }

    std::vector<Rule> rules_;
    std::map<std::string, std::size_t> places_;  ///< of a resource's rule
};

void describe_role(const Subject& subject, Writer& out) {
    name(subject, out);
    labels_and_annotations(subject, out);
    out.write(0, "PolicyRule:\n");
    out.write(1, "Resources\tNon-Resource URLs\tResource Names\tVerbs\n");
    out.write(1, "---------\t-----------------\t--------------\t-----\n");
    Compaction compaction;
    for (const auto& rule : items_at(subject.object, "rules")) compaction.add(rule);
    for (const auto& rule : compaction.take()) {
        out.write(1, "{}\t{}\t{}\t{}\n", rule.resource(), Rule::list(rule.paths),
                  Rule::list(rule.names), Rule::list(rule.verbs));
    }
}

void describe_binding(const Subject& subject, Writer& out) {
    name(subject, out);
    labels_and_annotations(subject, out);
    out.write(0, "Role:\n");
    out.write(1, "Kind:\t{}\n", text_at(subject.object, "roleRef.kind"));
    out.write(1, "Name:\t{}\n", text_at(subject.object, "roleRef.name"));
    out.write(0, "Subjects:\n");
    out.write(1, "Kind\tName\tNamespace\n");
    out.write(1, "----\t----\t---------\n");
    for (const auto& one : items_at(subject.object, "subjects"))
        out.write(1, "{}\t{}\t{}\n", one.text("kind"), one.text("name"), one.text("namespace"));
}

}  // namespace

std::span<const Kind> rbac() {
    static constexpr std::string_view group = "rbac.authorization.k8s.io";
    static constexpr std::array kinds{
        Kind{group, "Role", describe_role, Events::none},
        Kind{group, "ClusterRole", describe_role, Events::none},
        Kind{group, "RoleBinding", describe_binding, Events::none},
        Kind{group, "ClusterRoleBinding", describe_binding, Events::none},
    };
    return kinds;
}

}  // namespace salvor::describe
