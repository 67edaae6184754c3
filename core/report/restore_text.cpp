#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/report/page.hpp"
#include "core/report/restore.hpp"
#include "core/restore/command_line.hpp"
#include "formats/text/escape.hpp"
#include "formats/text/human.hpp"

namespace salvor::report {
namespace {

using restore::Step;

std::string shown(const std::filesystem::path& path) {
    return text::escape(path.string());
}

std::string shell_line(const std::vector<std::string>& words) {
    std::string line;
    for (const auto& word : words) line += (line.empty() ? "" : " ") + restore::shell_word(word);
    return line;
}

std::string item(const std::string& mark, std::string_view words) {
    return mark + wrapped(words, mark.size()) + "\n";
}

std::string steps(const char* heading, const std::vector<Step>& steps) {
    if (steps.empty()) return {};
    auto out = fmt::format("\n{}\n", heading);
    for (const auto& step : steps) out += item("  - ", text::escape_message(step.what));
    return out;
}

const char* what_was_done(const Restored& restored) {
    const auto& targets = restored.plan.targets;
    if (restore::refusal(restored.report, restored.snapshot.path(), restored.plan.request)) {
        return "dry run, nothing is written: would REFUSE to restore";
    }
    if (std::ranges::all_of(targets, &restore::PlannedMember::done_before)) {
        return "nothing to do, an earlier run restored";
    }
    return restored.state == Restoring::planned ? "dry run, nothing is written: would restore"
                                                : "restored";
}

std::string head(const Restored& restored) {
    const auto& plan = restored.plan;
    const bool sound = restored.report.backup == verify::BackupVerdict::sound;
    auto out = fmt::format(
        "{} {} for etcd {} from {}, which is {}\n", what_was_done(restored),
        plan.targets.size() == 1 ? "one member" : fmt::format("{} members", plan.targets.size()),
        to_string(plan.request.line), shown(restored.snapshot.path()), sound ? "sound" : "flawed");
    for (const auto& target : plan.targets) {
        out += fmt::format("  {:>16}  {}  {}  in {}\n", to_string(target.member.id),
                           text::escape(target.member.name),
                           text::escape(fmt::format("{}", fmt::join(target.member.peer_urls, ","))),
                           shown(target.data_dir));
    }
    return out + fmt::format("  cluster {} of {}, token {}, revision {}\n",
                             to_string(plan.cluster_id), plan.members.size(),
                             text::escape(plan.request.token), plan.revision_after);
}

/// Alarms are told among what needs care, with what to do.
bool is_told(const Finding& finding) {
    return finding.severity != Severity::note && !finding.rule.starts_with("alarm-");
}

std::string findings(const verify::Report& report) {
    constexpr std::ptrdiff_t shown_at_most = 5;
    const auto told = std::ranges::count_if(report.findings, is_told);
    if (told == 0) return {};
    std::string out = "\nfound in the backup (salvor verify says more)\n";
    std::ptrdiff_t left = shown_at_most;
    for (const auto& finding : report.findings) {
        if (!is_told(finding) || left-- <= 0) continue;
        out += item("  - ", fmt::format("{}: {}: {}", name(finding.severity), finding.rule,
                                        text::escape_message(finding.message)));
    }
    if (told > shown_at_most) out += fmt::format("  - and {} more\n", told - shown_at_most);
    return out;
}

std::string files(const restore::Plan& plan) {
    std::string out = "\nfiles\n";
    for (const auto& target : plan.targets) {
        for (const auto& file : target.files) {
            out += fmt::format("  {:>7}{}  {}\n", text::human_size(file.size),
                               file.at_most ? " at most" : "", shown(file.path));
        }
    }
    return out + fmt::format("  {} needed, {} free\n", text::human_size(plan.bytes_needed),
                             text::human_size(plan.bytes_free));
}

}  // namespace

std::string restore_text(const Restored& restored) {
    const auto& said = restored.said;
    const bool planned = restored.state == Restoring::planned;
    auto out = head(restored) + steps("careful", said.warnings) + findings(restored.report) +
               steps(planned ? "would be done" : "done", said.effects) +
               steps("not in it", said.lost) + (planned ? files(restored.plan) : "");
    out += restored.report.backup == verify::BackupVerdict::sound
               ? "\nboots with\n"
               : "\nwhat would boot it, were it sound\n";
    for (const auto& command : said.boot_commands)
        out += fmt::format("  {}\n", text::escape_message(shell_line(command)));
    out += "\nnext\n";
    int number = 0;
    for (const auto& step : said.next_steps)
        out += item(fmt::format("  {}. ", ++number), text::escape_message(step.what));
    return out;
}

}  // namespace salvor::report
