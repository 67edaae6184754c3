#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/report/rights.hpp"
#include "formats/text/escape.hpp"
#include "formats/text/nearest.hpp"
#include "tools/salvor/audit_question.hpp"
#include "tools/salvor/cluster_view.hpp"
#include "tools/salvor/progress.hpp"
#include "tools/salvor/two_views.hpp"

namespace salvor::tool {
namespace {

/// A source with its roles and bindings read.
struct View {
    ClusterView cluster_view;
    audit::Rights rights;
    std::string source;

    const cluster::Cluster& cluster() const { return cluster_view.cluster(); }
    report::RightsHead head() const { return {source, cluster().revision()}; }
};

Result<View> open(const AuditQuestion& question, const std::string& word) {
    const auto at = source_at(word);
    ClusterOptions options;
    options.source = at.path;
    options.revision = at.revision;
    options.kubernetes_version = question.kubernetes_version;
    options.encryption_config = question.encryption_config;
    SALVOR_TRY(auto opened, ClusterView::open(options));
    SALVOR_TRY(auto rights, audit::Rights::of(opened.cluster()));
    SALVOR_CHECK(opened.snapshot().file().intact());
    return View{std::move(opened), std::move(rights), at.path};
}

void print(const report::AnswerTable& table, const AuditQuestion& question) {
    fmt::print("{}", report::answer_text(table, question.format()));
}

/// A request as it was typed, and what of it the cluster knows.
struct Asked {
    audit::Request request;
    bool namespaced = true;
};

/// TYPE, as kubectl takes it: what no resource is called is taken as it is written.
void name_resource(const View& view, const std::string& word, Asked& asked) {
    auto& request = asked.request;
    if (word == "*") {
        request.resource = word;
        return;
    }
    if (const auto named = view.cluster().catalog().find(word)) {
        request.resource = named->type->plural;
        const auto& version = named->api_version;  // "apps/v1", "v1"; empty: none was said
        request.group = version.empty()
                            ? named->type->group
                            : version.substr(0, std::min(version.find('/'), version.size()));
        if (version.find('/') == std::string::npos && !version.empty()) request.group.clear();
        asked.namespaced = named->type->namespaced;
        if (!asked.namespaced && !request.namespace_name.empty())
            say(fmt::format("{} stand in no namespace", request.resource));
        return;
    }
    const auto dot = std::min(word.find('.'), word.size());
    request.resource = word.substr(0, dot);
    request.group = word.substr(std::min(dot + 1, word.size()));
    say(fmt::format("no resource is called {}: it is taken as it is written", text::escape(word)));
}

/// Any word is a verb to RBAC, and a rule for all verbs grants it: a misspelt one would seem to be
/// answered.
void say_unknown_verb(const std::string& verb) {
    // Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/auth, and the API reference of RBAC
    static const std::vector<std::string> known{
        "get",    "list",     "watch",       "create",
        "update", "patch",    "delete",      "deletecollection",
        "bind",   "escalate", "impersonate", "approve",
        "sign",   "attest",   "use",         "head",
        "post",   "put",      "options",     "*"};
    if (std::find(known.begin(), known.end(), verb) != known.end()) return;
    say(fmt::format("no verb of Kubernetes is called {}{}: it is taken as it is written",
                    text::escape(verb), text::did_you_mean(verb, known)));
}

/// VERB and TYPE, TYPE/NAME, TYPE NAME or a path that starts with a slash.
Result<Asked> asked_of(const View& view, const AuditQuestion& question) {
    const auto& words = question.words;
    if (words.size() < 3 || words.size() > 4) {
        return fail(ErrorCode::usage,
                    "audit: {} takes a VERB and a TYPE, as `{} get secrets` or `{} get pods/web`",
                    words[0], words[0], words[0]);
    }
    Asked asked;
    auto& request = asked.request;
    request.verb = words[1];
    say_unknown_verb(request.verb);
    const auto& type = words[2];
    if (type.starts_with('/')) {
        request.url = type;
        asked.namespaced = false;
        return asked;
    }
    request.namespace_name = question.namespace_name;
    request.subresource = question.subresource;
    const auto slash = std::min(type.find('/'), type.size());
    request.name = words.size() == 4 ? words[3] : type.substr(std::min(slash + 1, type.size()));
    name_resource(view, type.substr(0, slash), asked);
    return asked;
}

/// In which namespaces it is granted, where it is not in all.
std::vector<std::string> namespaces_granting(const View& view, const audit::Identity& identity,
                                             const Asked& asked) {
    std::set<std::string> names;
    if (!asked.namespaced || !asked.request.namespace_name.empty()) return {};
    for (const auto& grant : view.rights.who_can(asked.request, true)) {
        if (!grant.is_pending && !grant.namespace_name().empty() &&
            allows(*grant.rule, asked.request) && identity.is(*grant.subject)) {
            names.insert(grant.namespace_name());
        }
    }
    return {names.begin(), names.end()};
}

Result<Answer> answer_changes(const AuditQuestion& question) {
    SALVOR_TRY(const auto before, open(question, question.against));
    SALVOR_TRY(const auto after, open(question, question.source));
    auto changes = audit::rights_changes(before.rights, after.rights);
    if (question.has_subject()) {
        SALVOR_TRY(const auto identity, identity_of(question));
        std::erase_if(changes, [&](const auto& each) { return !identity.is(each.subject); });
    }
    if (!question.namespace_name.empty()) {
        std::erase_if(changes, [&](const auto& each) {
            return !each.namespace_name.empty() && each.namespace_name != question.namespace_name;
        });
    }
    const bool all = question.all || question.output != "text";
    print(report::changes_table(before.head(), after.head(), before.rights, after.rights, changes,
                                all ? report::Rows::all : report::Rows::first_few),
          question);
    return changes.empty() ? Answer::yes : Answer::no;
}

}  // namespace

Result<audit::Identity> identity_of(const AuditQuestion& question) {
    if (!question.has_subject()) {
        return fail(ErrorCode::usage,
                    "audit: whose rights? --as system:serviceaccount:NS:NAME, --as USER, or "
                    "--as-group GROUP");
    }
    if (question.as.empty()) return audit::Identity::of({}, question.as_groups);
    return audit::Identity::parse(question.as, question.as_groups);
}

report::TableFormat AuditQuestion::format() const {
    if (output == "csv") return report::TableFormat::csv;
    return output == "json" ? report::TableFormat::json : report::TableFormat::text;
}

Result<Answer> answer_who_can(const AuditQuestion& question) {
    SALVOR_TRY(const auto view, open(question, question.source));
    SALVOR_TRY(const auto asked, asked_of(view, question));
    const auto grants = view.rights.who_can(asked.request, asked.namespaced);
    print(report::who_can_table(view.head(), asked.request, view.rights, grants), question);
    return grants.empty() ? Answer::no : Answer::yes;
}

Result<Answer> answer_can_i(const AuditQuestion& question) {
    SALVOR_TRY(const auto identity, identity_of(question));
    SALVOR_TRY(const auto view, open(question, question.source));
    SALVOR_TRY(const auto asked, asked_of(view, question));
    const auto grants = view.rights.granting(identity, asked.request);
    auto table = report::can_i_table(view.head(), identity, asked.request, view.rights, grants);
    const bool allowed = !grants.empty() && !grants.front().is_pending;
    if (!allowed) {
        const auto names = namespaces_granting(view, identity, asked);
        if (!names.empty()) {
            table.notes.insert(
                table.notes.begin(),
                fmt::format("asked of all namespaces at once; yes in {}", fmt::join(names, ", ")));
        }
    }
    print(table, question);
    return allowed ? Answer::yes : Answer::no;
}

Result<Answer> answer_rights(const AuditQuestion& question) {
    if (question.words.size() > 1)
        return fail(ErrorCode::usage, "audit: rights takes no further word: {}",
                    text::escape(question.words[1]));
    if (!question.against.empty()) return answer_changes(question);
    SALVOR_TRY(const auto view, open(question, question.source));
    if (question.has_subject()) {
        SALVOR_TRY(const auto identity, identity_of(question));
        const auto grants = view.rights.of_identity(identity, question.namespace_name);
        print(report::rights_table(view.head(), identity, view.rights, grants), question);
        return grants.empty() ? Answer::no : Answer::yes;
    }
    const auto whose = question.all ? audit::Whose::all : audit::Whose::not_own;
    auto held = audit::powers_held(view.rights, whose);
    if (!question.namespace_name.empty()) {
        std::erase_if(held, [&](const auto& each) {
            const auto& home = each.grant.namespace_name();
            return !home.empty() && home != question.namespace_name;
        });
    }
    print(report::powers_table(view.head(), view.rights, held, whose), question);
    return Answer::yes;
}

}  // namespace salvor::tool
