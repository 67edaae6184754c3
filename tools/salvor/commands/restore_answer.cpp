#include "tools/salvor/commands/restore_answer.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/restore/command_line.hpp"
#include "formats/text/escape.hpp"

namespace salvor::tool::restore {
namespace {

using nlohmann::ordered_json;
using salvor::restore::Plan;
using salvor::restore::PlannedMember;
using salvor::restore::Step;

std::string size_words(std::uint64_t bytes) {
    constexpr const char* units[] = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
    auto size = static_cast<double>(bytes);
    std::size_t unit = 0;
    for (; size >= 999.5; ++unit) size /= 1000;
    return unit > 0 && size < 9.95 ? fmt::format("{:.1f} {}", size, units[unit])
                                   : fmt::format("{:.0f} {}", size, units[unit]);
}

std::string shown(const std::filesystem::path& path) {
    return text::escape(path.string());
}

std::string shell_line(const std::vector<std::string>& words) {
    std::string line;
    for (const auto& word : words) {
        line += (line.empty() ? "" : " ") + salvor::restore::shell_word(word);
    }
    return line;
}

const char* verdict(const verify::Report& report) {
    return report.backup == verify::BackupVerdict::sound ? "sound" : "flawed";
}

void print_steps(const char* heading, const std::vector<Step>& steps) {
    if (steps.empty()) return;
    fmt::print("\n{}\n", heading);
    for (const auto& step : steps) fmt::print("  - {}\n", text::escape_message(step.what));
}

void print_head(const Answered& answered) {
    const auto& plan = answered.plan;
    fmt::print(
        "{} {} for etcd {} from {}, which is {}\n",
        answered.dry_run ? "dry run, nothing is written: would restore" : "restored",
        plan.targets.size() == 1 ? "one member" : fmt::format("{} members", plan.targets.size()),
        to_string(plan.request.line), shown(answered.snapshot.path()), verdict(answered.report));
    for (const auto& target : plan.targets) {
        fmt::print("  {:>16}  {}  {}  in {}\n", to_string(target.member.id),
                   text::escape(target.member.name),
                   text::escape(fmt::format("{}", fmt::join(target.member.peer_urls, ","))),
                   shown(target.data_dir));
    }
    fmt::print("  cluster {} of {}, token {}, revision {}\n", to_string(plan.cluster_id),
               plan.members.size(), text::escape(plan.request.token), plan.revision_after);
}

/// Alarms are told among what needs care, with what to do.
bool is_told(const Finding& finding) {
    return finding.severity != Severity::note && !finding.rule.starts_with("alarm-");
}

void print_report(const verify::Report& report) {
    constexpr std::ptrdiff_t shown_at_most = 5;
    const auto told = std::ranges::count_if(report.findings, is_told);
    if (told == 0) return;
    fmt::print("\nfound in the backup (salvor verify says more)\n");
    std::ptrdiff_t left = shown_at_most;
    for (const auto& finding : report.findings) {
        if (!is_told(finding) || left-- <= 0) continue;
        fmt::print("  - {}: {}: {}\n", name(finding.severity), finding.rule,
                   text::escape_message(finding.message));
    }
    if (told > shown_at_most) fmt::print("  - and {} more\n", told - shown_at_most);
}

void print_files(const Plan& plan) {
    fmt::print("\nfiles\n");
    for (const auto& target : plan.targets) {
        for (const auto& file : target.files) {
            fmt::print("  {:>7}{}  {}\n", size_words(file.size), file.at_most ? " at most" : "",
                       shown(file.path));
        }
    }
    fmt::print("  {} needed, {} free\n", size_words(plan.bytes_needed),
               size_words(plan.bytes_free));
}

ordered_json steps_json(const std::vector<Step>& steps) {
    auto list = ordered_json::array();
    for (const auto& step : steps) {
        list.push_back({{"kind", step.kind}, {"what", text::escape_message(step.what)}});
    }
    return list;
}

ordered_json member_json(const etcd::Member& member) {
    auto urls = ordered_json::array();
    for (const auto& url : member.peer_urls) urls.push_back(text::escape(url));
    return {{"id", to_string(member.id)}, {"name", text::escape(member.name)}, {"peerURLs", urls}};
}

ordered_json target_json(const PlannedMember& target, const std::vector<std::string>& command) {
    auto files = ordered_json::array();
    for (const auto& file : target.files) {
        files.push_back(
            {{"path", shown(file.path)}, {"size", file.size}, {"atMost", file.at_most}});
    }
    auto moves = ordered_json::array();
    for (const auto& [from, to] : target.moves) {
        moves.push_back({{"from", shown(from)}, {"to", shown(to)}});
    }
    auto words = ordered_json::array();
    for (const auto& word : command) words.push_back(text::escape(word));
    ordered_json json{{"member", member_json(target.member)},
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

ordered_json findings_json(const verify::Report& report) {
    auto list = ordered_json::array();
    for (const auto& finding : report.findings) {
        list.push_back({{"rule", finding.rule},
                        {"severity", name(finding.severity)},
                        {"layer", name(finding.layer)},
                        {"message", text::escape_message(finding.message)},
                        {"remedy", finding.remedy}});
    }
    return list;
}

}  // namespace

void print_text(const Answered& answered) {
    const auto& said = answered.said;
    print_head(answered);
    print_steps("careful", said.warnings);
    print_report(answered.report);
    print_steps(answered.dry_run ? "would be done" : "done", said.effects);
    print_steps("not in it", said.lost);
    if (answered.dry_run) print_files(answered.plan);
    fmt::print("\nboots with\n");
    for (const auto& command : said.boot_commands) {
        fmt::print("  {}\n", text::escape_message(shell_line(command)));
    }
    fmt::print("\nnext\n");
    int number = 0;
    for (const auto& step : said.next_steps) {
        fmt::print("  {}. {}\n", ++number, text::escape_message(step.what));
    }
}

void print_json(const Answered& answered) {
    const auto& plan = answered.plan;
    auto members = ordered_json::array();
    for (const auto& member : plan.members) members.push_back(member_json(member));
    auto targets = ordered_json::array();
    for (std::size_t i = 0; i < plan.targets.size(); ++i) {
        targets.push_back(target_json(plan.targets[i], answered.said.boot_commands[i]));
    }
    const ordered_json document{{"dryRun", answered.dry_run},
                                {"source", shown(answered.snapshot.path())},
                                {"backup", verdict(answered.report)},
                                {"line", to_string(plan.request.line)},
                                {"clusterId", to_string(plan.cluster_id)},
                                {"token", text::escape(plan.request.token)},
                                {"members", members},
                                {"revision", plan.source.revision},
                                {"revisionAfter", plan.revision_after},
                                {"targets", targets},
                                {"bytesNeeded", plan.bytes_needed},
                                {"bytesFree", plan.bytes_free},
                                {"effects", steps_json(answered.said.effects)},
                                {"warnings", steps_json(answered.said.warnings)},
                                {"lost", steps_json(answered.said.lost)},
                                {"nextSteps", steps_json(answered.said.next_steps)},
                                {"findings", findings_json(answered.report)}};
    fmt::print("{}\n", document.dump());
}

}  // namespace salvor::tool::restore
