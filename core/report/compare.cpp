#include "core/report/compare.hpp"

#include <algorithm>
#include <set>

#include "core/report/page.hpp"
#include "core/verify/verify.hpp"
#include "formats/text/escape.hpp"
#include "formats/text/human.hpp"
#include "formats/text/time.hpp"

namespace salvor::report {
namespace {

using compare::Comparison;
using compare::Contender;
using text::counted;

std::string or_dash(std::uint64_t number) {
    return number > 0 ? std::to_string(number) : "-";
}

std::string state_words(const Contender& contender) {
    if (!contender.info) return "unreadable";
    return contender.is_sound() ? "sound" : "FLAWED";
}

std::string member_words(const Contender& contender) {
    if (!contender.replay) return "-";
    const auto& said = *contender.replay;
    return said.name.empty() ? to_string(said.member) : text::escape(said.name);
}

std::string cluster_words(const Contender& contender) {
    const auto& report = contender.verified.report;
    return report && report->cluster_id ? to_string(*report->cluster_id) : "-";
}

std::string taken_words(const Contender& contender) {
    const auto& taken = contender.info ? contender.info->taken_at : std::nullopt;
    if (!taken) return "-";
    const bool is_weak = taken->certainty == info::TakenAt::Certainty::weak;
    return (is_weak ? "perhaps " : "") + text::rfc3339(taken->unix_seconds);
}

bool one_cluster(const Comparison& comparison) {
    std::set<std::string> found;
    for (const auto& contender : comparison.contenders) found.insert(cluster_words(contender));
    found.erase("-");
    return found.size() <= 1;
}

std::vector<std::string> row(const Contender& contender, bool with_cluster) {
    const bool is_disk = contender.snapshot && contender.snapshot->data_directory();
    std::vector<std::string> cells{text::escape(contender.source), is_disk ? "disk" : "backup",
                                   state_words(contender)};
    if (!contender.info) return cells;
    const auto& info = *contender.info;
    if (with_cluster) cells.push_back(cluster_words(contender));
    cells.insert(
        cells.end(),
        {member_words(contender), info.tells_revision() ? std::to_string(info.revision) : "-",
         or_dash(info.consistent_index.value_or(0)), or_dash(info.term.value_or(0)),
         contender.replay ? std::to_string(contender.replay->log_end) : "-", taken_words(contender),
         contender.hash ? std::to_string(contender.hash->hash) : "-"});
    return cells;
}

void add_table(Page& page, const Comparison& comparison) {
    const bool with_cluster = !one_cluster(comparison);
    std::vector<std::vector<std::string>> rows{{"SOURCE", "IS", "STATE"}};
    if (with_cluster) rows[0].emplace_back("CLUSTER");
    for (const auto* header : {"MEMBER", "REVISION", "ENTRY", "TERM", "LOG TO", "TAKEN", "HASHKV"})
        rows[0].emplace_back(header);
    for (const auto& contender : comparison.contenders)
        rows.push_back(row(contender, with_cluster));
    page.table(rows);
}

/// How much newer the best one is; empty where no time of both is known in the same way.
std::string time_words(const Contender& best, const Contender& other) {
    const auto seconds = compare::seconds_newer(best, other);
    if (seconds.value_or(0) <= 0) return {};
    const bool is_weak = best.info->taken_at->certainty == info::TakenAt::Certainty::weak;
    return fmt::format(", {}{},", text::human_duration(*seconds),
                       is_weak ? " by the files' times" : "");
}

/// Whether a restore raised its revisions, so that they count no writes.
bool was_raised(const Contender& contender) {
    const auto& report = contender.verified.report;
    return report && std::ranges::any_of(report->findings, [](const Finding& finding) {
               return finding.rule == "bump-marker";
           });
}

std::string newer_words(const Contender& best, const Contender& other) {
    const auto revisions = best.info->revision - other.info->revision;
    const auto name = text::escape(other.source);
    if (was_raised(best) != was_raised(other)) {
        return fmt::format(
            "not known to be newer than {}, nor older: a restore raised the revisions of {}", name,
            text::escape((was_raised(best) ? best : other).source));
    }
    if (revisions == 0)
        return fmt::format("as new as {}: both are at revision {}", name, best.info->revision);
    if (revisions < 0) {
        return fmt::format("behind {}, which is at revision {}, as far as each log is proven", name,
                           other.info->revision);
    }
    return fmt::format("{}{} newer than {}",
                       counted(static_cast<std::uint64_t>(revisions), "revision", "revisions"),
                       time_words(best, other), name);
}

std::string relation_words(const Contender& contender, const std::string& base) {
    const auto& relation = *contender.relation;
    const auto name = text::escape(contender.source);
    if (!relation.revision) {
        return fmt::format(
            "{} and {} cannot be compared: one of them has compacted what the "
            "other ends with",
            name, base);
    }
    if (relation.same())
        return fmt::format("{} and {} hold the same at revision {}", name, base,
                           *relation.revision);
    if (!relation.first_difference) {
        return fmt::format(
            "{} and {} hold the same at revision {}, and came there by different "
            "ways from revision {} on",
            name, base, *relation.revision, *relation.parted_at);
    }
    return fmt::format(
        "{} and {} DIFFER at revision {}: {} is the first key that is not the same"
        "{}",
        name, base, *relation.revision, text::escape(*relation.first_difference),
        relation.parted_at ? fmt::format("; from revision {} on their histories are "
                                         "two",
                                         *relation.parted_at)
                           : "");
}

void add_flaws(Page& page, const Contender& contender) {
    const auto name = text::escape(contender.source);
    if (contender.verified.error) {
        page.fact(
            "unreadable",
            fmt::format("{}: {}", name, text::escape_message(contender.verified.error->message)));
    } else if (const auto flaw = compare::first_flaw(contender)) {
        page.fact("FLAWED", fmt::format("{}: {}", name, text::escape_message(*flaw)));
    }
    if (contender.log_unusable) {
        page.fact("log", fmt::format("{}: its db alone is compared: {}", name,
                                     text::escape_message(*contender.log_unusable)));
    }
    if (contender.replay && contender.replay->beyond > 0) {
        page.fact("log", fmt::format("{}: {} up to {} not compared: nothing here alone proves that "
                                     "they were committed",
                                     name, counted(contender.replay->beyond, "entry", "entries"),
                                     contender.replay->log_end));
    }
}

std::string hash_words(const Comparison& comparison) {
    if (!comparison.revision) return "no revision is kept by all of them";
    switch (compare::hashes(comparison)) {
        case compare::Hashes::same:
            return fmt::format("at revision {}, the same in all of them", *comparison.revision);
        case compare::Hashes::other_compaction:
            return fmt::format(
                "at revision {}: not comparable, since they were compacted at "
                "different revisions",
                *comparison.revision);
        case compare::Hashes::differ: break;
    }
    return fmt::format("at revision {}, NOT the same in all of them", *comparison.revision);
}

std::string next_words(const Contender& best) {
    const auto source = text::escape(best.source);
    if (!best.replay) return fmt::format("salvor restore {} --data-dir DIR --dry-run", source);
    return fmt::format("salvor replay {}{} --to FILE", source,
                       best.replay->beyond > 0 ? " --include-uncommitted" : "");
}

}  // namespace

std::string compare_text(const Comparison& comparison) {
    const auto& contenders = comparison.contenders;
    const auto* best = comparison.best ? &contenders[*comparison.best] : nullptr;
    Page page;
    page.fact("rebuild from", fmt::format("{}: {}", best ? text::escape(best->source) : "none",
                                          text::escape_message(comparison.why)));
    for (const auto& contender : contenders) {
        if (best && &contender != best && contender.is_sound())
            page.fact("it is", newer_words(*best, contender));
    }
    page.gap();
    add_table(page, comparison);
    page.gap();
    const auto base = compare::base_of(comparison);
    for (const auto& contender : contenders) {
        if (contender.relation) page.fact("shared", relation_words(contender, text::escape(base)));
    }
    if (compare::sound_ones(comparison) > 1) page.fact("HashKV", hash_words(comparison));
    for (const auto& contender : contenders) add_flaws(page, contender);
    if (best) page.fact("next", next_words(*best));
    return page.take();
}

}  // namespace salvor::report
