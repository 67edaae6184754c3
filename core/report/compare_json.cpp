#include <nlohmann/json.hpp>

#include "core/report/compare.hpp"
#include "formats/text/escape.hpp"
#include "formats/text/time.hpp"

namespace salvor::report {
namespace {

using Json = nlohmann::ordered_json;
using compare::Comparison;
using compare::Contender;

template <class T>
Json json(const std::optional<T>& value) {
    return value ? Json(*value) : Json(nullptr);
}

Json escaped(const std::optional<std::string>& words) {
    return words ? Json(text::escape(*words)) : Json(nullptr);
}

Json log_json(const Contender& contender) {
    if (!contender.replay) return nullptr;
    const auto& said = *contender.replay;
    return {{"memberId", to_string(said.member)},
            {"member", said.name.empty() ? Json(nullptr) : Json(text::escape(said.name))},
            {"voters", said.voters},
            {"loneVoter", said.lone_voter},
            {"dbIndex", said.index_before},
            {"dbRevision", said.revision_before},
            {"committed", said.committed},
            {"lastIndex", said.log_end},
            {"lastTerm", said.log_end_term > 0 ? Json(said.log_end_term) : Json(nullptr)},
            {"beyond", said.beyond}};
}

Json hash_json(const Contender& contender) {
    if (!contender.hash) return nullptr;
    return {{"hash", contender.hash->hash},
            {"hashRevision", contender.hash->hash_revision},
            {"compactRevision", contender.hash->compact_revision}};
}

Json relation_json(const Contender& contender, const Contender* best) {
    if (!contender.relation) return nullptr;
    const auto& relation = *contender.relation;
    Json out{{"revision", json(relation.revision)},
             {"same", relation.revision ? Json(relation.same()) : Json(nullptr)},
             {"firstDifference", escaped(relation.first_difference)},
             {"partedAt", json(relation.parted_at)}};
    if (best) {
        out["revisionsBehind"] = best->info->revision - contender.info->revision;
        out["secondsBehind"] = json(compare::seconds_newer(*best, contender));
    }
    return out;
}

void add_state(Json& out, const Contender& contender) {
    const auto& info = *contender.info;
    const auto& cluster = contender.verified.report->cluster_id;
    const auto& taken = info.taken_at;
    out["clusterId"] = cluster ? Json(to_string(*cluster)) : Json(nullptr);
    out["history"] = contender.verified.lineage;
    out["revision"] = info.tells_revision() ? Json(info.revision) : Json(nullptr);
    out["compactedRevision"] = json(info.compacted_revision);
    out["index"] = json(info.consistent_index);
    out["term"] = json(info.term);
    out["keys"] = info.keys;
    out["takenAt"] = taken ? Json(text::rfc3339(taken->unix_seconds)) : Json(nullptr);
    out["takenCertainty"] = !taken ? Json(nullptr)
                            : taken->certainty == info::TakenAt::Certainty::weak
                                ? Json("weak")
                                : Json("notBefore");
}

Json source_json(const Contender& contender, const Contender* best) {
    const bool is_disk = contender.snapshot && contender.snapshot->data_directory();
    Json out{{"source", text::escape(contender.source)}, {"kind", is_disk ? "disk" : "backup"}};
    out["sound"] = contender.is_sound();
    out["error"] = contender.verified.error ? Json(text::escape(contender.verified.error->message))
                                            : escaped(compare::first_flaw(contender));
    if (contender.info) add_state(out, contender);
    out["log"] = log_json(contender);
    out["logUnusable"] = escaped(contender.log_unusable);
    out["hashKv"] = hash_json(contender);
    out[best ? "toBest" : "toFirst"] = relation_json(contender, best);
    return out;
}

}  // namespace

std::string compare_json(const Comparison& comparison) {
    const auto& contenders = comparison.contenders;
    const auto* best = comparison.best ? &contenders[*comparison.best] : nullptr;
    Json sources = Json::array();
    for (const auto& contender : contenders) sources.push_back(source_json(contender, best));
    const Json out{{"best", best ? Json(text::escape(best->source)) : Json(nullptr)},
                   {"why", text::escape(comparison.why)},
                   {"hasAllAcknowledged", json(comparison.has_all_acknowledged)},
                   {"agree", comparison.agree()},
                   {"histories", comparison.lineages},
                   {"revision", json(comparison.revision)},
                   {"sources", std::move(sources)}};
    return out.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace salvor::report
