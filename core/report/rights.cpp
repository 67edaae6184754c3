#include "core/report/rights.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "formats/text/human.hpp"

namespace salvor::report {
namespace {

using audit::Grant;
using Column = AnswerTable::Column;

constexpr Column subject_column{"SUBJECT", "subject"};
constexpr Column namespace_column{"NAMESPACE", "namespace", "(all)"};
constexpr Column by_column{"BY", "binding"};
constexpr Column role_column{"ROLE", "role"};
constexpr Column names_column{"NAMES", "resourceNames", "(all)"};
/// The last, and shown where there is any.
constexpr Column pending_column{"PENDING", "pending", "", false};

constexpr const char* not_in_the_file =
    "by RBAC alone: the file does not tell what the node authorizer, a webhook or another "
    "authorizer of the server's configuration grants";

std::vector<std::pair<const char*, Cell>> head_of(const RightsHead& head) {
    return {{"source", head.source}, {"revision", Cell(head.revision)}};
}

Cell names_of(const audit::PolicyRule& rule) {
    return rule.is_by_name() ? Cell(rule.names) : Cell();
}

void add_notes(AnswerTable& table, const audit::Rights& rights, bool any_pending) {
    table.notes.emplace_back(not_in_the_file);
    if (any_pending) {
        table.columns.back().shown = true;
        table.notes.emplace_back(
            "what is pending is not stored: the role is made of others, and a controller manager "
            "adds it as soon as it runs");
    }
    if (!rights.problems().empty()) {
        table.notes.push_back(fmt::format(
            "{} could not be read, so more may be granted: {}",
            text::counted(rights.problems().size(), "object", "objects"), rights.problems()[0]));
    }
}

bool any_pending(const std::vector<Grant>& grants) {
    return std::any_of(grants.begin(), grants.end(),
                       [](const Grant& grant) { return grant.is_pending; });
}

/// What a binding gives a subject by its role, once.
bool is_same_source(const Grant& a, const Grant& b) {
    return a.binding == b.binding && *a.subject == *b.subject && a.is_pending == b.is_pending &&
           a.rule->names == b.rule->names;
}

std::vector<Grant> once_each(const std::vector<Grant>& grants) {
    std::vector<Grant> found;
    for (const auto& grant : grants) {
        if (std::none_of(found.begin(), found.end(),
                         [&](const Grant& each) { return is_same_source(each, grant); }))
            found.push_back(grant);
    }
    return found;
}

std::string with_group(const std::string& resource, const std::string& group) {
    return group.empty() ? resource : resource + "." + group;
}

/// What a rule is on: resources, URLs.
std::vector<std::string> objects_of(const Grant& grant) {
    std::vector<std::string> words;
    for (const auto& group : grant.rule->groups) {
        for (const auto& resource : grant.rule->resources)
            words.push_back(with_group(resource, group));
    }
    if (grant.namespace_name().empty())  // no URL is a namespace's
        words.insert(words.end(), grant.rule->urls.begin(), grant.rule->urls.end());
    return words;
}

/// Of one binding and subject, for people.
constexpr std::size_t few_rows = 6;

bool is_same_source(const audit::RightsChange& a, const audit::RightsChange& b) {
    return a.binding == b.binding && a.subject == b.subject && a.way == b.way;
}

}  // namespace

AnswerTable who_can_table(const RightsHead& head, const audit::Request& request,
                          const audit::Rights& rights, const std::vector<Grant>& grants) {
    AnswerTable table;
    table.head = head_of(head);
    table.head.emplace_back("question", request.words());
    table.head.emplace_back("namespace", Cell::or_none(request.namespace_name));
    table.rows_name = "subjects";
    table.columns = {subject_column, namespace_column, names_column,
                     by_column,      role_column,      pending_column};
    auto sorted = once_each(grants);
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const Grant& a, const Grant& b) { return *a.subject < *b.subject; });
    for (const auto& grant : sorted) {
        table.rows.push_back({grant.subject->words(), Cell::or_none(grant.namespace_name()),
                              names_of(*grant.rule), grant.binding->words(),
                              grant.binding->role_words, Cell(grant.is_pending)});
    }
    table.title = fmt::format("{}: who can {}{}, revision {}", head.source, request.words(),
                              request.namespace_name.empty() ? "" : " -n " + request.namespace_name,
                              head.revision);
    add_notes(table, rights, any_pending(grants));
    return table;
}

AnswerTable can_i_table(const RightsHead& head, const audit::Identity& identity,
                        const audit::Request& request, const audit::Rights& rights,
                        const std::vector<Grant>& grants) {
    AnswerTable table;
    const bool allowed = !grants.empty() && !grants.front().is_pending;
    table.head = head_of(head);
    table.head.emplace_back("user", Cell::or_none(identity.user));
    table.head.emplace_back("groups", identity.groups);
    table.head.emplace_back("question", request.words());
    table.head.emplace_back("namespace", Cell::or_none(request.namespace_name));
    table.head.emplace_back("allowed", Cell(allowed));
    table.rows_name = "by";
    table.columns = {subject_column, namespace_column, by_column, role_column, pending_column};
    for (const auto& grant : once_each(grants)) {
        table.rows.push_back({grant.subject->words(), Cell::or_none(grant.namespace_name()),
                              grant.binding->words(), grant.binding->role_words,
                              Cell(grant.is_pending)});
    }
    table.title = allowed ? "yes" : "no";
    add_notes(table, rights, any_pending(grants));
    if (identity.is_in(audit::nodes)) {
        table.notes.emplace_back(
            "a node gets more from the node authorizer: the Secrets, ConfigMaps and volumes of its "
            "pods, its own Node and Lease");
    }
    return table;
}

AnswerTable rights_table(const RightsHead& head, const audit::Identity& identity,
                         const audit::Rights& rights, const std::vector<Grant>& grants) {
    AnswerTable table;
    table.title =
        fmt::format("{}: rights of {}, revision {}", head.source, identity.words(), head.revision);
    table.head = head_of(head);
    table.head.emplace_back("user", Cell::or_none(identity.user));
    table.head.emplace_back("groups", identity.groups);
    table.rows_name = "rules";
    table.columns = {namespace_column, {"VERBS", "verbs"}, {"RESOURCE", "resource"},
                     names_column,     by_column,          role_column,
                     pending_column};
    std::set<std::pair<const audit::Binding*, const audit::PolicyRule*>> told;
    for (const auto& grant : grants) {
        if (!told.emplace(grant.binding, grant.rule).second) continue;
        for (const auto& object : objects_of(grant)) {
            table.rows.push_back({Cell::or_none(grant.namespace_name()), grant.rule->verbs, object,
                                  names_of(*grant.rule), grant.binding->words(),
                                  grant.binding->role_words, Cell(grant.is_pending)});
        }
    }
    add_notes(table, rights, any_pending(grants));
    return table;
}

AnswerTable powers_table(const RightsHead& head, const audit::Rights& rights,
                         const std::vector<audit::PowerHeld>& held, audit::Whose whose) {
    AnswerTable table;
    table.title = fmt::format("{}: rights that give more than they say, revision {}", head.source,
                              head.revision);
    table.head = head_of(head);
    table.rows_name = "powers";
    table.columns = {{"POWER", "power"}, subject_column, namespace_column, names_column,
                     by_column,          role_column,    pending_column};
    bool pending = false;
    for (const auto& each : held) {
        pending = pending || each.grant.is_pending;
        table.rows.push_back({each.power->name, each.grant.subject->words(),
                              Cell::or_none(each.grant.namespace_name()),
                              names_of(*each.grant.rule), each.grant.binding->words(),
                              each.grant.binding->role_words, Cell(each.grant.is_pending)});
    }
    for (const auto& power : audit::powers()) {
        if (std::any_of(held.begin(), held.end(),
                        [&](const auto& each) { return each.power == &power; }))
            table.facts.emplace_back("", fmt::format("{}: may {}", power.name, power.what));
    }
    if (!table.facts.empty()) table.facts.front().first = "powers";
    if (whose == audit::Whose::not_own)
        table.notes.emplace_back(
            "what every apiserver binds for its own parts is left out; --all "
            "tells it");
    add_notes(table, rights, pending);
    return table;
}

AnswerTable changes_table(const RightsHead& older, const RightsHead& head,
                          const audit::Rights& before, const audit::Rights& after,
                          const std::vector<audit::RightsChange>& changes, Rows rows) {
    using Way = audit::RightsChange::Way;
    AnswerTable table;
    table.title = fmt::format("{} revision {} against {} revision {}: rights gained and lost",
                              head.source, head.revision, older.source, older.revision);
    table.head = head_of(head);
    table.head.emplace_back("against", older.source);
    table.head.emplace_back("againstRevision", Cell(older.revision));
    table.rows_name = "changes";
    table.columns = {{"CHANGE", "change"},
                     subject_column,
                     namespace_column,
                     {"VERBS", "verbs"},
                     {"RESOURCE", "resource"},
                     {"NAME", "resourceName", "(all)"},
                     by_column,
                     role_column};
    std::size_t gained = 0;
    std::size_t of_source = 0;
    for (std::size_t i = 0; i < changes.size(); ++i) {
        const auto& change = changes[i];
        gained += change.way == Way::gained ? 1 : 0;
        of_source = i > 0 && is_same_source(changes[i - 1], change) ? of_source + 1 : 1;
        if (rows == Rows::first_few && of_source > few_rows) {
            if (of_source > few_rows + 1) table.rows.pop_back();
            table.rows.push_back(
                {"", "", Cell(""), "",
                 fmt::format("and {} more: --all lists them", of_source - few_rows)});
            continue;
        }
        table.rows.push_back(
            {change.way == Way::gained ? "gained" : "lost", change.subject.words(),
             Cell::or_none(change.namespace_name), change.verbs,
             change.url.empty() ? with_group(change.resource, change.group) : change.url,
             Cell::or_none(change.name), change.binding->words(), change.binding->role_words});
    }
    table.facts.emplace_back("rights", changes.empty() ? "nobody gained or lost any"
                                                       : fmt::format("{} gained, {} lost", gained,
                                                                     changes.size() - gained));
    add_notes(table, after, false);
    if (!before.problems().empty())
        table.notes.push_back(fmt::format("of {} {} could not be read: {}", older.source,
                                          before.problems().size(), before.problems()[0]));
    return table;
}

}  // namespace salvor::report
