#include <fmt/core.h>

#include <algorithm>

#include "core/report/exposure.hpp"
#include "formats/text/escape.hpp"
#include "tools/salvor/audit_question.hpp"
#include "tools/salvor/cluster_view.hpp"
#include "tools/salvor/now.hpp"

namespace salvor::tool {
namespace {

namespace audit = salvor::audit;

/// Whose it is, in words, and what they hold.
struct Found {
    std::string of;
    audit::Exposure exposure;
};

Result<Found> find(const AuditQuestion& question, const cluster::Cluster& cluster,
                   std::int64_t now) {
    if (!question.node.empty() && question.has_subject())
        return fail(ErrorCode::usage, "audit: --node and --as: choose one");
    if (question.node.empty() && !question.has_subject()) {
        SALVOR_TRY(auto exposure, audit::exposure_of_file(cluster, now));
        return Found{"the file", std::move(exposure)};
    }
    SALVOR_TRY(const auto rights, audit::Rights::of(cluster));
    if (!question.node.empty()) {
        SALVOR_TRY(auto exposure, audit::exposure_of_node(cluster, rights, question.node, now));
        return Found{"node " + question.node, std::move(exposure)};
    }
    SALVOR_TRY(const auto identity, identity_of(question));
    SALVOR_TRY(auto exposure, audit::exposure_of(cluster, rights, identity, now));
    return Found{identity.words(), std::move(exposure)};
}

}  // namespace

Result<Answer> answer_exposure(const AuditQuestion& question) {
    if (question.words.size() > 1)
        return fail(ErrorCode::usage, "audit: exposure takes no further word: {}",
                    text::escape(question.words[1]));
    ClusterOptions options;
    options.source = question.source;
    options.kubernetes_version = question.kubernetes_version;
    options.encryption_config = question.encryption_config;
    SALVOR_TRY(const auto view, ClusterView::open(options));
    SALVOR_TRY(const auto now, now_of(question.now, view));
    SALVOR_TRY(auto found, find(question, view.cluster(), now.at.seconds));
    SALVOR_CHECK(view.snapshot().file().intact());
    if (!question.namespace_name.empty()) {
        std::erase_if(found.exposure.secrets, [&](const auto& each) {
            return each.namespace_name != question.namespace_name;
        });
    }
    const report::RightsHead head{question.source, view.cluster().revision()};
    fmt::print("{}", report::answer_text(
                         report::exposure_table(head, found.of, found.exposure, now.at.seconds),
                         question.format()));
    const auto& secrets = found.exposure.secrets;
    const bool any = std::any_of(secrets.begin(), secrets.end(),
                                 [](const auto& each) { return each.is_good(); });
    return any ? Answer::no : Answer::yes;
}

}  // namespace salvor::tool
