#include <nlohmann/json.hpp>

#include "core/report/place_json.hpp"
#include "core/report/restore.hpp"
#include "formats/text/escape.hpp"

namespace salvor::report {
namespace {

using Json = nlohmann::ordered_json;

std::string shown(const std::filesystem::path& path) {
    return text::escape(path.string());
}

Json steps_json(const std::vector<restore::Step>& steps) {
    auto list = Json::array();
    for (const auto& step : steps) {
        list.push_back({{"kind", step.kind}, {"what", text::escape_message(step.what)}});
    }
    return list;
}

Json member_json(const etcd::Member& member) {
    auto urls = Json::array();
    for (const auto& url : member.peer_urls) urls.push_back(text::escape(url));
    return {{"id", to_string(member.id)}, {"name", text::escape(member.name)}, {"peerUrls", urls}};
}

Json target_json(const restore::PlannedMember& target, const std::vector<std::string>& command) {
    auto files = Json::array();
    for (const auto& file : target.files) {
        files.push_back(
            {{"path", shown(file.path)}, {"size", file.size}, {"atMost", file.at_most}});
    }
    auto moves = Json::array();
    for (const auto& [from, to] : target.moves) {
        moves.push_back({{"from", shown(from)}, {"to", shown(to)}});
    }
    auto words = Json::array();
    for (const auto& word : command) words.push_back(text::escape(word));
    Json json{{"member", member_json(target.member)},
              {"dataDir", shown(target.data_dir)},
              {"walDir", shown(target.wal_dir)},
              {"files", files},
              {"movedAside", moves},
              {"doneBefore", target.done_before},
              {"bootCommand", words}};
    json["owner"] = nullptr;
    if (target.owner) json["owner"] = {{"uid", target.owner->uid}, {"gid", target.owner->gid}};
    return json;
}

Json findings_json(const verify::Report& report) {
    auto list = Json::array();
    for (const auto& finding : report.findings) {
        list.push_back({{"rule", finding.rule},
                        {"severity", name(finding.severity)},
                        {"layer", name(finding.layer)},
                        {"place", place_json(finding.place)},
                        {"message", text::escape_message(finding.message)},
                        {"remedy", finding.remedy}});
    }
    return list;
}

}  // namespace

std::string restore_json(const Restored& restored) {
    const auto& plan = restored.plan;
    const auto& said = restored.said;
    auto members = Json::array();
    for (const auto& member : plan.members) members.push_back(member_json(member));
    auto targets = Json::array();
    for (std::size_t i = 0; i < plan.targets.size(); ++i) {
        targets.push_back(target_json(plan.targets[i], said.boot_commands[i]));
    }
    const bool sound = restored.report.backup == verify::BackupVerdict::sound;
    const Json document{{"dryRun", restored.state == Restoring::planned},
                        {"source", shown(restored.snapshot.path())},
                        {"backup", sound ? "sound" : "flawed"},
                        {"line", to_string(plan.request.line)},
                        {"clusterId", to_string(plan.cluster_id)},
                        {"token", text::escape(plan.request.token)},
                        {"members", members},
                        {"revision", plan.source.revision},
                        {"revisionAfter", plan.revision_after},
                        {"targets", targets},
                        {"bytesNeeded", plan.bytes_needed},
                        {"bytesFree", plan.bytes_free},
                        {"effects", steps_json(said.effects)},
                        {"warnings", steps_json(said.warnings)},
                        {"lost", steps_json(said.lost)},
                        {"nextSteps", steps_json(said.next_steps)},
                        {"findings", findings_json(restored.report)}};
    return document.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace salvor::report
