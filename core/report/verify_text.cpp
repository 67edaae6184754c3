#include "core/report/verify_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/report/page.hpp"
#include "formats/text/escape.hpp"

namespace salvor::report {
namespace {

// Of one rule; the rest is counted. All that were kept are in the JSON.
constexpr std::size_t listed_per_rule = 5;

std::string plural(std::size_t count, const char* word) {
    return fmt::format("{} {}{}", count, word, count == 1 ? "" : "s");
}

std::string counts_words(const verify::Counts& counts) {
    return fmt::format("{}, {}, {}", plural(counts.errors, "error"),
                       plural(counts.warnings, "warning"), plural(counts.notes, "note"));
}

std::string place_words(const Place& place) {
    std::string words;
    const auto add = [&](const std::string& word) { words += (words.empty() ? "" : ", ") + word; };
    if (!place.file.empty()) add(text::escape(place.file));
    if (place.page) add(fmt::format("page {}", *place.page));
    if (place.path.size() > 1) add(fmt::format("path {}", fmt::join(place.path, ">")));
    if (place.offset) add(fmt::format("offset {}", *place.offset));
    if (!place.bucket.empty()) add(fmt::format("bucket {}", text::escape(place.bucket)));
    if (!place.revision.empty()) {
        add(fmt::format("revision {}", place.revision));
    } else if (place.key) {
        add(fmt::format("key {}", text::escape(*place.key)));
    }
    return words;
}

struct Group {
    const Finding* first;
    std::vector<const Finding*> findings;
    std::size_t not_kept;
};

/// Findings of one rule stand together; errors come before warnings, and in each the outer layers
/// first.
std::vector<Group> grouped(const verify::Report& report) {
    std::vector<Group> groups;
    for (const auto& finding : report.findings) {
        auto found = std::find_if(groups.begin(), groups.end(), [&](const auto& group) {
            return group.first->rule == finding.rule;
        });
        if (found == groups.end()) {
            const auto more = report.not_kept.find(finding.rule);
            groups.push_back({&finding, {}, more == report.not_kept.end() ? 0 : more->second});
            found = groups.end() - 1;
        }
        found->findings.push_back(&finding);
    }
    std::stable_sort(groups.begin(), groups.end(), [](const auto& a, const auto& b) {
        return a.first->severity > b.first->severity;
    });
    return groups;
}

std::string group_text(const Group& group) {
    const auto count = group.findings.size() + group.not_kept;
    auto out = fmt::format("\n{} {}{}\n", name(group.first->severity), group.first->rule,
                           count > 1 ? fmt::format(" ({} times)", count) : "");
    for (std::size_t i = 0; i < std::min(group.findings.size(), listed_per_rule); ++i) {
        const auto& finding = *group.findings[i];
        out += fmt::format("  {}\n", wrapped(text::escape_message(finding.message), 2));
        if (const auto place = place_words(finding.place); !place.empty())
            out += fmt::format("    at {}\n", wrapped(place, 7));
    }
    if (count > listed_per_rule)
        out += fmt::format("  and {} more; -o json lists {}\n", count - listed_per_rule,
                           group.findings.size());
    if (!group.first->remedy.empty())
        out += fmt::format("  to do: {}\n", wrapped(group.first->remedy, 9));
    return out;
}

std::string layers_words(const verify::Report& report, bool checked) {
    std::vector<std::string> names;
    for (const auto& layer : report.layers) {
        if (layer.checked == checked) names.emplace_back(name(layer.layer));
    }
    return fmt::format("{}", fmt::join(names, ", "));
}

std::string identity_words(const verify::Report& report) {
    std::string words;
    if (report.revision) {
        words += fmt::format(", revision {}{}", report.revision_at_least ? "at least " : "",
                             *report.revision);
    } else if (is_database(report)) {
        words += ", revision not known";
    }
    if (report.cluster_id) words += fmt::format(", cluster {}", to_string(*report.cluster_id));
    return words;
}

const char* unchecked_words(const verify::Report& report) {
    if (!is_database(report)) return "unchecked, there is no database to look into";
    const bool is_there = report.kubernetes_prefix || report.objects > 0;
    return is_there || report.revision_at_least || report.values_lost
               ? "unchecked, not all keys could be read"
               : "unchecked, no Kubernetes was found";
}

std::string cluster_words(const verify::Report& report) {
    const auto objects = fmt::format("{} objects of Kubernetes", report.objects);
    switch (report.cluster) {
        case verify::ClusterVerdict::clear: return "clear, " + objects;
        case verify::ClusterVerdict::concerns: {
            // Of the layers that look at the cluster, no rule about the backup is a warning.
            std::size_t count = 0;
            for (const auto& layer : report.layers) {
                if (layer.layer == Layer::object || layer.layer == Layer::reference)
                    count += layer.warnings;
            }
            return fmt::format("{} over {}", plural(count, "concern"), objects);
        }
        case verify::ClusterVerdict::unchecked: break;
    }
    return unchecked_words(report);
}

const char* meaning(verify::BackupVerdict verdict) {
    return verdict == verify::BackupVerdict::sound ? "SOUND, it restores as it is"
                                                   : "FLAWED, it would not restore as it is";
}

/// With the first digits alone of each SHA-256: the JSON has them all.
std::string short_digests(const std::string& words) {
    constexpr std::size_t digits = 64, kept = 8;
    std::string out;
    for (std::size_t at = 0; at < words.size();) {
        const auto end = std::min(words.find_first_not_of("0123456789abcdef", at), words.size());
        const bool is_digest = end - at == digits;
        out += words.substr(at, is_digest ? kept : end - at) + (is_digest ? "..." : "");
        if (end < words.size()) out += words[end];
        at = end + 1;
    }
    return out;
}

/// The worst finding in its own words; the rest by number.
std::string worst_words(const verify::Report& report) {
    const auto groups = grouped(report);
    if (groups.empty() || groups.front().first->severity == Severity::note) return {};
    const auto& worst = *groups.front().first;
    return fmt::format(": {}: {}", worst.rule, short_digests(text::escape_message(worst.message)));
}

/// The second verdict, where there was something to look at.
std::string objects_words(const verify::Report& report) {
    if (report.cluster == verify::ClusterVerdict::unchecked) return {};
    return fmt::format(", Kubernetes {}", name(report.cluster));
}

std::string source_line(const verify::Verified& source, bool name_lineage) {
    const auto name = text::escape(source.source);
    if (source.error)
        return fmt::format("ERROR   {}: {}\n", name, text::escape_message(source.error->message));
    const auto& report = *source.report;
    return fmt::format(
        "{}  {}: {}{}{}{}{}\n", report.backup == verify::BackupVerdict::sound ? "SOUND " : "FLAWED",
        name, counts_words(verify::counts(report)), identity_words(report), objects_words(report),
        name_lineage && source.lineage > 0 ? fmt::format(", history {}", source.lineage) : "",
        worst_words(report));
}

}  // namespace

std::string verify_text(const std::string& source, const verify::Report& report) {
    auto out = fmt::format("{}: {}\ncluster: {}\n{}{}\n", text::escape(source),
                           meaning(report.backup), cluster_words(report),
                           counts_words(verify::counts(report)), identity_words(report));
    out += fmt::format("checked: {}", layers_words(report, true));
    if (const auto unchecked = layers_words(report, false); !unchecked.empty())
        out += fmt::format("; not there to check: {}", unchecked);
    out += "\n";
    for (const auto& group : grouped(report)) out += group_text(group);
    return out;
}

std::string verify_text(const std::vector<verify::Verified>& sources) {
    std::string out;
    const auto lineages = verify::lineage_count(sources);
    for (const auto& source : sources) out += source_line(source, lineages > 1);
    if (const auto* newest = verify::newest_good(sources)) {
        out += fmt::format("newest good: {}, revision {}\n", text::escape(newest->source),
                           *newest->report->revision);
    } else if (lineages > 1) {
        out += fmt::format(
            "newest good: none is named, the sound ones are {} clusters' histories\n", lineages);
    } else {
        out += "newest good: none is sound\n";
    }
    return out;
}

std::string rules_text(const std::vector<verify::Rule>& rules) {
    std::string out;
    for (const auto& rule : rules) {
        out += fmt::format("{:<9} {:<8} {:<24} {}\n", name(rule.layer), name(rule.severity),
                           rule.id, rule.what);
    }
    return out;
}

}  // namespace salvor::report
