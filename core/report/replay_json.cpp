#include <nlohmann/json.hpp>

#include "core/report/replay.hpp"
#include "formats/text/escape.hpp"

namespace salvor::report {
namespace {

using Json = nlohmann::ordered_json;

const char* certainty(const replay::Outcome& said) {
    if (said.unproven > 0) return "unproven";
    return said.lone_voter ? "loneVoter" : "committed";
}

Json requests_json(const replay::Tally& tally) {
    Json kinds = Json::object();
    for (const auto& [kind, count] : tally.kinds) {
        kinds[std::string(kind)] = {{"applied", count.done}, {"refused", count.refused}};
    }
    return kinds;
}

}  // namespace

std::string replay_json(const Replayed& replayed) {
    const auto& said = replayed.outcome;
    Json refusals = Json::object();
    for (const auto& [why, count] : said.tally.refusals) refusals[std::string(why)] = count;
    Json remarks = Json::array();
    for (const auto& remark : said.remarks) remarks.push_back(text::escape(remark));
    Json made;
    if (replayed.made) {
        made = {{"file", text::escape(replayed.to)},
                {"size", replayed.made->size},
                {"sha256", replayed.made->sha256}};
    }
    const Json out{{"source", text::escape(replayed.source)},
                   {"memberId", to_string(said.member)},
                   {"clusterId", said.cluster ? Json(to_string(*said.cluster)) : Json()},
                   {"line", to_string(said.line)},
                   {"voters", said.voters},
                   {"db", {{"index", said.index_before}, {"revision", said.revision_before}}},
                   {"log", {{"lastIndex", said.log_end}, {"committed", said.committed}}},
                   {"replayed",
                    {{"entries", said.index - said.index_before},
                     {"index", said.index},
                     {"term", said.term > 0 ? Json(said.term) : Json()},
                     {"revision", said.revision}}},
                   {"certainty", certainty(said)},
                   {"unproven", said.unproven},
                   {"beyond", said.beyond},
                   {"requests", requests_json(said.tally)},
                   {"refusals", std::move(refusals)},
                   {"passwordsHashed", said.passwords_hashed},
                   {"notes", std::move(remarks)},
                   {"made", std::move(made)}};
    return out.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace salvor::report
