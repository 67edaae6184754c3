#include "tools/salvor/commands/audit.hpp"

#include <fmt/core.h>

#include "core/audit/steps.hpp"
#include "core/report/audit.hpp"
#include "core/snapshot/snapshot.hpp"
#include "formats/text/escape.hpp"
#include "tools/salvor/audit_question.hpp"
#include "tools/salvor/choices.hpp"
#include "tools/salvor/encryption.hpp"
#include "tools/salvor/on_source.hpp"
#include "tools/salvor/opening.hpp"
#include "tools/salvor/options.hpp"
#include "tools/salvor/progress.hpp"

namespace salvor::tool::audit {
namespace {

Result<Answer> answer_at_rest(const AuditQuestion& question) {
    if (question.output == "csv")
        return fail(ErrorCode::usage, "audit: at-rest has no rows for -o csv: text or json");
    SALVOR_TRY(const auto encryption, read_encryption(question.encryption_config));
    SALVOR_TRY(const auto snapshot, open_source(question.source));
    if (!snapshot.database()) return std::unexpected(snapshot.database().error());
    const Progress progress("reading " + question.source);
    cluster::Options wanted;
    wanted.encryption = encryption.get();
    SALVOR_TRY(const auto cluster, cluster::Cluster::open(*snapshot.database(), wanted));
    SALVOR_TRY(const auto at_rest, salvor::audit::at_rest(*cluster, encryption.get()));
    SALVOR_CHECK(snapshot.file().intact());
    fmt::print("{}", question.output == "json" ? report::audit_json(question.source, at_rest)
                                               : report::audit_text(question.source, at_rest));
    return salvor::audit::steps(at_rest).empty() ? Answer::yes : Answer::no;
}

struct Kind {
    std::string_view word;
    Result<Answer> (*answer)(const AuditQuestion& question);
};
constexpr Kind kinds[] = {
    {"at-rest", answer_at_rest}, {"rights", answer_rights},     {"who-can", answer_who_can},
    {"can-i", answer_can_i},     {"exposure", answer_exposure},
};

Result<Answer> run(AuditQuestion question) {
    if (question.words.empty()) {
        const bool on_rights = question.has_subject() || !question.against.empty();
        question.words.emplace_back(!question.node.empty() ? "exposure"
                                    : on_rights            ? "rights"
                                                           : "at-rest");
    }
    std::string known;
    for (const auto& kind : kinds) {
        if (kind.word == question.words[0]) return kind.answer(question);
        known.append(known.empty() ? "" : ", ").append(kind.word);
    }
    return fail(ErrorCode::usage, "audit: {} is no question: {}", text::escape(question.words[0]),
                known);
}

}  // namespace

Run declare(CLI::App& app) {
    auto question = std::make_shared<AuditQuestion>();
    add_source(app, question->source);
    add_positional(app, "QUESTION", question->words,
                   "at-rest (the default), rights, who-can VERB TYPE[/NAME], "
                   "can-i VERB TYPE[/NAME], exposure");
    add_option(app, "--as,--subject", "SUBJECT", question->as,
               "whose rights: system:serviceaccount:NS:NAME, a user's name, group:NAME");
    add_option(app, "--as-group", "GROUP", question->as_groups,
               "a group that they are in; may be given several times");
    add_namespace(app, question->namespace_name);
    add_all_namespaces(app, question->all_namespaces);
    add_option(app, "--subresource", "NAME", question->subresource, "as log of pods");
    add_option(app, "--against", "OLDER", question->against,
               "rights gained and lost since this source, or this revision of it: FILE@N");
    add_option(app, "--node", "NAME", question->node, "exposure of this node");
    add_option(app, "--now", "TIME", question->now,
               "whether tokens are still good at this time; by default at that of the state");
    add_flag(app, "--all", question->all, "what every apiserver binds for its own parts as well");
    add_option(app, "--kubernetes-version", "1.N", question->kubernetes_version,
               "the release whose resources are known; guessed from the nodes by default");
    add_encryption(app, question->encryption_config);
    add_choice(app, "-o,--output", "FORMAT", question->output, {"text", "json", "csv"},
               "format of the answer: text (the default), json or csv");
    return [question] { return on_source(question->source, run(*question)); };
}

}  // namespace salvor::tool::audit
