#include <fmt/format.h>

#include <algorithm>

#include "core/report/page.hpp"
#include "core/report/preflight.hpp"
#include "formats/text/escape.hpp"
#include "formats/text/human.hpp"
#include "formats/text/time.hpp"

namespace salvor::report {
namespace {

using preflight::Disk;
using preflight::Entry;
using text::counted;
using text::escape;

// Of one rule; verify lists more.
constexpr std::size_t listed_per_rule = 5;
constexpr std::int64_t minute = 60;

std::string item(std::string_view words) {
    return fmt::format("  - {}\n", wrapped(words, 4));
}

std::string entry_text(const Entry& entry) {
    auto out = fmt::format("  {}{}\n    {}\n", entry.first->rule,
                           entry.count > 1 ? fmt::format(" ({} times)", entry.count) : "",
                           wrapped(entry.first->remedy, 4));
    for (std::size_t i = 0; i < std::min(entry.findings.size(), listed_per_rule); ++i) {
        out +=
            fmt::format("    - {}\n", wrapped(text::escape_message(entry.findings[i]->message), 6));
    }
    if (entry.count > listed_per_rule)
        out += fmt::format("    - and {} more\n", entry.count - listed_per_rule);
    return out;
}

std::string identity_text(const preflight::Page& page) {
    const auto& report = *page.report;
    std::string words;
    if (page.info && page.info->kubernetes.size() == 1) {
        const auto& cluster = page.info->kubernetes.front();
        words += cluster.version ? "Kubernetes " + escape(cluster.version->value) : "Kubernetes";
        if (cluster.distribution)
            words += fmt::format(" ({})", escape(cluster.distribution->value));
        words += fmt::format(", {}, ", counted(cluster.objects, "object", "objects"));
    }
    words += report.revision
                 ? fmt::format("revision {}{}", report.revision_at_least ? "at least " : "",
                               *report.revision)
                 : std::string("revision not known");
    if (report.cluster_id) words += fmt::format(", cluster {}", to_string(*report.cluster_id));
    return words;
}

std::string head_text(const std::string& source, const preflight::Page& page,
                      const std::string& clock) {
    auto out = fmt::format("{}: {}\n", escape(source),
                           page.boots() ? "BOOTS, etcd starts on what `salvor restore` makes of it"
                                        : "WOULD NOT BOOT as it is");
    out +=
        fmt::format("{}\njudged at {}, {}\n", identity_text(page), text::rfc3339(page.now), clock);
    if (page.errors.empty()) return out;
    out += "\nwhy not\n";
    for (const auto& entry : page.errors) out += entry_text(entry);
    return out;
}

std::string span_words(std::int64_t seconds) {
    return seconds < 2 * minute
               ? counted(static_cast<std::uint64_t>(seconds), "second", "seconds")
               : fmt::format("{} minutes ({})", seconds / minute, text::human_duration(seconds));
}

std::string since_words(const preflight::Page& page) {
    const auto after =
        page.report->revision
            ? fmt::format("all that was written after revision {}", *page.report->revision)
            : std::string("all that was written after it was taken");
    const auto taken = page.info ? page.info->taken_at : std::nullopt;
    if (!taken) return after + "; when that was is not known";
    const bool is_weak = taken->certainty == info::TakenAt::Certainty::weak;
    const auto when = fmt::format("{} {} ({})", is_weak ? "perhaps" : "not before",
                                  text::rfc3339(taken->unix_seconds), taken->evidence);
    if (!page.seconds_lost) return fmt::format("{}; it was taken {}", after, when);
    return fmt::format("{}: {}{}, for it was taken {}", after, is_weak ? "perhaps " : "at most ",
                       span_words(*page.seconds_lost), when);
}

std::string disk_words(const Disk& disk, const verify::Report& report) {
    const auto path = escape(disk.path);
    if (!disk.unread.empty())
        return fmt::format("etcd's own disk {} could not be looked at: {}", path,
                           text::escape_message(disk.unread));
    if (disk.cluster == Disk::Cluster::other)
        return fmt::format("etcd's own disk {} is another cluster's", path);
    auto words = fmt::format("etcd's own disk {} has revision {}{}", path,
                             disk.revision_at_least ? "at least " : "", disk.revision);
    const auto ahead = report.revision ? disk.revision - *report.revision : 0;
    if (ahead > 0) words += fmt::format(", {} later than the backup", ahead);
    if (disk.beyond_db > 0)
        words += fmt::format(", and its log {} more", counted(disk.beyond_db, "entry", "entries"));
    if (ahead > 0 || disk.beyond_db > 0)
        return words +
               fmt::format(": `salvor replay {} --to rescued.db` makes a snapshot of it", path);
    return words + ", none later than the backup";
}

std::string lost_text(const preflight::Page& page) {
    std::string out = "\nlost\n" + item(since_words(page));
    if (page.disk) {
        out += item(disk_words(*page.disk, *page.report));
    } else {
        out += item(
            "how many revisions that is only a member's disk or a later backup tells: "
            "look for one first");
    }
    if (page.info && page.info->keys_with_lease > 0) {
        out +=
            item(fmt::format("{} that a lease of etcd's own ends (events, the apiservers' own "
                             "endpoints): they go with it",
                             counted(page.info->keys_with_lease, "key", "keys")));
    }
    return out;
}

bool has_no_kubernetes(const preflight::Page& page) {
    return page.info && page.info->kubernetes.empty() && page.info->all_rows;
}

std::string first_minutes_text(const preflight::Page& page) {
    std::string out;
    std::optional<preflight::Chapter> chapter;
    for (const auto& entry : page.entries) {
        const auto of = preflight::chapter_of(entry.first->rule);
        if (chapter != of) out += fmt::format("\n{}\n", preflight::heading(of));
        chapter = of;
        out += entry_text(entry);
    }
    if (page.report->cluster == verify::ClusterVerdict::unchecked) {
        return out + (has_no_kubernetes(page)
                          ? "\nthere is no Kubernetes in it\n"
                          : "\nwhat its controllers do first is not known: not all of Kubernetes "
                            "could be looked into\n");
    }
    if (page.entries.empty()) out += "\nnothing was found that the first minutes would change\n";
    return out;
}

std::string certificates_words(const verify::HostFile& file, std::int64_t now) {
    std::string words;
    for (const auto& each : file.certificates) {
        words += fmt::format(", {} {} {}", escape(each.subject),
                             each.not_after > now ? "until" : "EXPIRED at",
                             text::rfc3339(each.not_after));
        if (&each - file.certificates.data() >= 2) return words + ", ...";
    }
    return words;
}

std::string file_words(const verify::HostFile& file, std::int64_t now) {
    using State = verify::HostFile::State;
    auto words = fmt::format("{}: {}", name(file.role), escape(file.path));
    switch (file.state) {
        case State::not_asked: break;
        case State::absent: words += " is NOT THERE"; break;
        case State::unreadable:
            words += " is there and does not tell: " + text::escape_message(file.why);
            break;
        case State::found: words += " is there" + certificates_words(file, now); break;
    }
    return words;
}

std::string match_words(const char* what, std::uint64_t same, std::uint64_t other) {
    return fmt::format("{}: {} of {}", what, same, same + other);
}

std::string host_text(const preflight::Page& page) {
    const auto& host = *page.host;
    if (host.layout.empty())
        return item(
            fmt::format("below {} there is no control plane's file of kubeadm, k3s, RKE2, "
                        "Talos or OpenShift",
                        escape(host.root.string())));
    const auto& found = page.report->host;
    std::string out;
    if (found.cluster_ca + found.other_cluster_ca > 0)
        out += item(match_words("kube-root-ca.crt ConfigMaps that have the host's cluster CA",
                                found.cluster_ca, found.other_cluster_ca));
    if (found.client_ca + found.other_client_ca > 0)
        out += item(found.client_ca > 0 ? "the client CA is the backup's"
                                        : "the client CA is ANOTHER than the backup's");
    if (found.front_proxy_ca + found.other_front_proxy_ca > 0)
        out += item(found.front_proxy_ca > 0 ? "the front-proxy CA is the backup's"
                                             : "the front-proxy CA is ANOTHER than the backup's");
    if (found.tokens + found.other_tokens > 0)
        out += item(match_words("stored service-account tokens that a key of the host signed",
                                found.tokens, found.other_tokens));
    if (out.empty())
        out = item("nothing in the backup tells whether these files are its cluster's");
    return out;
}

bool is_encrypted(const preflight::Page& page) {
    return page.info && std::any_of(page.info->kubernetes.begin(), page.info->kubernetes.end(),
                                    [](const auto& cluster) { return cluster.encrypted > 0; });
}

std::string ready_text(const preflight::Page& page) {
    std::string out = "\nhave ready\n";
    if (page.files.empty())
        out += item(
            "the control plane's PKI, CAs with their private keys, and the keys that sign "
            "service accounts' tokens: no backup of etcd has them");
    for (const auto& file : page.files) out += item(file_words(file, page.now));
    if (page.host) out += host_text(page);
    if (is_encrypted(page))
        out += item(
            "the apiserver's EncryptionConfiguration, for values are encrypted at rest: "
            "`salvor audit --encryption-config FILE` says whether one opens them all");
    return out + item(
                     "what watches the apiserver (controllers, kubelets, operators) may have seen "
                     "later revisions: start it anew, or restore with `--bump-revision auto`");
}

}  // namespace

std::string preflight_text(const std::string& source, const preflight::Page& page,
                           const std::string& clock) {
    auto out = head_text(source, page, clock) + lost_text(page) + first_minutes_text(page);
    if (page.kept > 0)
        out += fmt::format("\n{}\n  {} that it goes on with; `salvor verify` lists them\n",
                           preflight::heading(preflight::Chapter::kept),
                           counted(page.kept, "finding", "findings"));
    return has_no_kubernetes(page) ? out : out + ready_text(page);
}

}  // namespace salvor::report
