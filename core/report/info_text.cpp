#include <algorithm>
#include <tuple>

#include "core/report/info.hpp"
#include "core/report/page.hpp"
#include "formats/etcd/buckets.hpp"
#include "formats/text/escape.hpp"
#include "formats/text/human.hpp"
#include "formats/text/time.hpp"

namespace salvor::report {
namespace {

using namespace info;
using text::counted;
using text::escape;
using text::human_size;

constexpr std::size_t names_shown = 5;
constexpr std::size_t resources_shown = 24;
constexpr std::size_t flaws_shown = 5;

namespace buckets = etcd::buckets;
constexpr const char* not_known = "not known, its records could not all be read";

/// "at least " where what was counted may not be all.
const char* at_least(const Info& info, Bytes bucket) {
    return info.is_whole(bucket) ? "" : "at least ";
}
/// A count of which some may be lost; where all are, nobody knows it.
std::string counted_of(const Info& info, Bytes bucket, std::uint64_t count) {
    if (count == 0 && !info.is_whole(bucket)) return "not known";
    return at_least(info, bucket) + std::to_string(count);
}
/// A lost row may have been a key's deletion, so that the count may be too high as well.
const char* of_what_was_read(const Info& info) {
    return info.is_whole(buckets::key) ? "" : " of what could be read";
}

std::string kind_words(const Info& info) {
    const auto size = human_size(info.space.file);
    switch (info.kind) {
        case SourceKind::snapshot: return "an etcd snapshot of " + size;
        case SourceKind::database:
            return fmt::format("an etcd database of {} without a trailer", size);
        case SourceKind::data_directory:
            return fmt::format("an etcd member's data directory, its db {}", size);
    }
    return "unknown";
}

std::string digest_words(const Info& info) {
    switch (info.trailer) {
        case TrailerState::right: return info.sha256 + " (trailer right)";
        case TrailerState::wrong:
            return fmt::format("{} (trailer WRONG: {}; the file was changed after it was taken)",
                               info.sha256, info.stored_sha256.value_or(""));
        case TrailerState::absent: return info.sha256 + " (no trailer)";
    }
    return "unknown";
}

std::string taken_words(const TakenAt& taken) {
    const auto time = text::rfc3339(taken.unix_seconds);
    if (taken.certainty == TakenAt::Certainty::weak)
        return fmt::format("perhaps {}: {}", time, taken.evidence);
    return fmt::format("not before {}: {}", time, taken.evidence);
}

/// "3 users (root, alice, ...)".
std::string named(const std::vector<std::string>& names, const char* one, const char* many) {
    auto out = counted(names.size(), one, many);
    if (names.empty()) return out;
    for (std::size_t i = 0; i < std::min(names.size(), names_shown); ++i) {
        out += (i == 0 ? " (" : ", ") + escape(names[i]);
    }
    return out + (names.size() > names_shown ? ", ...)" : ")");
}

std::string auth_words(const Info& info) {
    const auto& auth = info.auth;
    const bool whole = info.is_whole(buckets::auth) && info.is_whole(buckets::auth_users) &&
                       info.is_whole(buckets::auth_roles);
    if (!whole) return not_known;
    if (!auth.enabled && auth.users.empty() && auth.roles.empty()) return "never enabled";
    auto out = std::string(auth.enabled.value_or(false) ? "enabled" : "disabled");
    if (auth.revision) out += fmt::format(", auth revision {}", *auth.revision);
    return out + fmt::format("; {}, {}", named(auth.users, "user", "users"),
                             named(auth.roles, "role", "roles"));
}

std::string alarm_words(const Info& info) {
    if (info.alarms.empty()) return info.is_whole(buckets::alarm) ? "none" : not_known;
    std::string out;
    for (std::size_t i = 0; i < std::min(info.alarms.size(), names_shown); ++i) {
        const auto& alarm = info.alarms[i];
        out += fmt::format("{}{} of member {}", i == 0 ? "" : ", ", etcd::name(alarm.type),
                           to_string(alarm.member));
    }
    return out + (info.alarms.size() > names_shown ? ", ..." : "");
}

std::string revision_words(const Info& info) {
    auto out = info.tells_revision()
                   ? fmt::format("{}{}, ", info.all_rows ? "" : "at least ", info.revision)
                   : "not known, none of the keys could be read; ";
    if (!info.is_whole(buckets::meta) && !info.compacted_revision)
        return out + "its compaction is not known";
    out += info.compacted_revision ? fmt::format("compacted up to {}", *info.compacted_revision)
                                   : "never compacted";
    if (info.scheduled_compaction > info.finished_compaction)
        out += "; that compaction was not finished";
    return out;
}

std::string version_words(const Info& info) {
    if (!info.written_by) return "not told by its records";
    auto out = fmt::format("etcd {} ({})", info.written_by->value, info.written_by->evidence);
    if (info.downgrade && info.downgrade->enabled) {
        out += fmt::format("; a downgrade to {} was under way",
                           escape(info.downgrade->target_version));
    }
    return out;
}

std::string joined(const std::vector<std::string>& values) {
    std::string out;
    for (const auto& value : values) out += (out.empty() ? "" : ",") + escape(value);
    return out;
}

std::vector<std::string> member_row(const etcd::Member& member) {
    const bool started = !member.name.empty();
    return {to_string(member.id), started ? escape(member.name) : "-",
            member.is_learner ? "learner" : "voter", joined(member.peer_urls),
            started ? "clients " + joined(member.client_urls) : "not yet started"};
}

void add_what_it_is(Page& page, const Info& info) {
    page.title(fmt::format("{}: {}", escape(info.source), kind_words(info)));
    if (info.lock_holder) {
        page.fact("IN USE",
                  fmt::format("by {}: what is said here may be torn; take a snapshot or a copy",
                              escape(words(*info.lock_holder))));
    }
    page.gap();
    if (!info.layers.empty()) page.fact("packed in", envelope::words(info.layers));
    page.fact("written by", version_words(info));
    if (info.taken_at) page.fact("taken", taken_words(*info.taken_at));
    page.fact("SHA-256", digest_words(info));
}

void add_store(Page& page, const Info& info) {
    page.gap();
    page.fact("revision", revision_words(info));
    page.fact("keys",
              fmt::format("{} live{}; {} kept, {}", info.keys, of_what_was_read(info),
                          counted(info.revisions, "revision", "revisions"),
                          counted(info.tombstones, "of them a deletion", "of them deletions")));
    page.fact("leases",
              fmt::format("{}, {} attached{}", counted_of(info, buckets::lease, info.leases),
                          counted(info.keys_with_lease, "key", "keys"), of_what_was_read(info)));
    page.fact("auth", auth_words(info));
    page.fact("alarms", alarm_words(info));
}

const char* no_cluster_words(const Info& info) {
    const bool whole = info.is_whole(buckets::members) && info.is_whole(buckets::members_removed);
    return whole ? "id not told by its records"
                 : "id not known, the records of its members could not all be read";
}

void add_members(Page& page, const Info& info) {
    page.gap();
    page.fact("cluster", info.cluster_id ? fmt::format("{} ({})", to_string(info.cluster_id->value),
                                                       info.cluster_id->evidence)
                                         : no_cluster_words(info));
    auto members = counted_of(info, buckets::members, info.members.size());
    if (!info.removed_members.empty())
        members += fmt::format("; {} removed earlier", info.removed_members.size());
    page.fact("members", members);
    std::vector<std::vector<std::string>> rows;
    rows.reserve(info.members.size());
    for (const auto& member : info.members) rows.push_back(member_row(member));
    page.table(rows);
}

std::string version_words(const Kubernetes& cluster) {
    auto words = cluster.version
                     ? fmt::format("{} ({})", cluster.version->value, cluster.version->evidence)
                     : std::string("release not told by its objects");
    std::string kubelets;
    std::size_t shown = 0;
    for (const auto& [version, nodes] : cluster.kubelets) {
        if (shown++ == names_shown) break;
        kubelets += fmt::format("{}{} of {}", kubelets.empty() ? "" : ", ", escape(version),
                                counted(nodes, "node", "nodes"));
    }
    if (!kubelets.empty()) words += "; kubelets " + kubelets;
    return words + (shown > names_shown ? ", ..." : "");
}

std::string objects_words(const Kubernetes& cluster) {
    auto words = fmt::format("below {}: {} of {}, {}", escape(cluster.prefix),
                             counted(cluster.objects, "object", "objects"),
                             counted(cluster.resources.size(), "resource", "resources"),
                             human_size(cluster.bytes));
    if (cluster.encrypted)
        words += fmt::format(", {} of them encrypted at rest (salvor audit says by what)",
                             cluster.encrypted);
    return words;
}

std::string namespaces_words(const Kubernetes& cluster) {
    auto words = std::to_string(cluster.namespace_count);
    for (std::size_t i = 0; i < std::min(cluster.namespaces.size(), names_shown); ++i)
        words += (i == 0 ? " (" : ", ") + escape(cluster.namespaces[i]);
    if (cluster.namespaces.empty()) return words;
    return words + (cluster.namespace_count > names_shown ? ", ...)" : ")");
}

void add_resources(Page& page, const Kubernetes& cluster) {
    std::vector<std::pair<std::string, Kubernetes::Resource>> resources(cluster.resources.begin(),
                                                                        cluster.resources.end());
    std::sort(resources.begin(), resources.end(), [](const auto& a, const auto& b) {
        return std::tie(b.second.objects, a.first) < std::tie(a.second.objects, b.first);
    });
    std::vector<std::string> cells;
    for (const auto& [resource, count] : resources) {
        if (cells.size() == resources_shown) break;
        cells.push_back(fmt::format("{:>6} {:>7}  {}", count.objects, human_size(count.bytes),
                                    escape(resource)));
    }
    page.columns(cells);
    if (resources.size() > cells.size()) {
        page.fact("", fmt::format("and {} more resources; -o json lists all",
                                  resources.size() - cells.size()));
    }
}

void add_kubernetes(Page& page, const Kubernetes& cluster) {
    page.gap();
    page.fact("Kubernetes", version_words(cluster));
    if (cluster.distribution) {
        page.fact("distribution", fmt::format("{} ({})", cluster.distribution->value,
                                              cluster.distribution->evidence));
    }
    if (cluster.kube_system_uid)
        page.fact("kube-system", "uid " + escape(*cluster.kube_system_uid));
    page.fact("namespaces", namespaces_words(cluster));
    page.fact("objects", objects_words(cluster));
    add_resources(page, cluster);
}

void add_kubernetes_unread(Page& page, const Info& info) {
    if (info.is_whole(buckets::key)) return;
    if (info.kubernetes.empty()) {
        page.gap();
        page.fact("Kubernetes",
                  "not known, there is none among the keys that could be read; some could not");
        return;
    }
    page.fact("", "that is what could be read; some keys could not");
}

void add_directory(Page& page, const Info& info) {
    if (const auto& wal = info.wal) {
        auto words = counted(wal->segments, "segment", "segments");
        words += wal->last_index
                     ? fmt::format(", entries {} to {}", wal->first_index, wal->last_index)
                     : ", no entries";
        if (wal->torn_tail) words += ", its last record torn (etcd cuts it off at its next start)";
        page.fact("WAL", words);
        if (wal->beyond_db) {
            page.fact("beyond the db",
                      fmt::format("{} of these entries are not yet in the db, nor in "
                                  "the counts above",
                                  wal->beyond_db));
        }
    }
    if (!info.snap_files.empty()) {
        page.fact(".snap", counted(info.snap_files.size(), "file", "files") + ", the newest " +
                               escape(info.snap_files.back()));
    }
}

std::string space_words(const Space& space) {
    const auto free = human_size(space.free), fragmented = human_size(space.fragmented);
    if (space.exact)
        return fmt::format("{} used, {} free, {} fragmented", human_size(space.used), free,
                           fragmented);
    if (space.used == 0) return "what of them is used is not known: no page could be walked";
    return fmt::format(
        "at least {} used, at most {} free, at least {} fragmented: not all pages could be walked",
        human_size(space.used), free, fragmented);
}

void add_file(Page& page, const Info& info) {
    const auto& space = info.space;
    page.gap();
    page.fact("database", fmt::format("{} pages of {} bytes, transaction {}", info.pages,
                                      info.page_size, info.transaction));
    page.fact("", space_words(space));
    if (info.meta_flaw)
        page.fact("",
                  fmt::format("one of its two metas is not valid: {}", escape(*info.meta_flaw)));
    if (info.consistent_index) {
        page.fact("raft", fmt::format("index {}{}", *info.consistent_index,
                                      info.term ? fmt::format(", term {}", *info.term) : ""));
    }
    add_directory(page, info);
}

void add_foreign(Page& page, const Info& info) {
    if (info.foreign_rows == 0) return;
    page.fact("not etcd's", counted(info.foreign_rows, "row of another program or version",
                                    "rows of another program or version"));
}

void add_flaws(Page& page, const char* label, const std::string& what, const info::Flaws& flaws) {
    if (flaws.count == 0) return;
    page.gap();
    page.fact(label, what);
    for (std::size_t i = 0; i < std::min(flaws.first.size(), flaws_shown); ++i) {
        page.fact("", "- " + text::escape_message(flaws.first[i]));
    }
    if (flaws.count > flaws_shown) page.fact("", "- ...");
}

void add_all_flaws(Page& page, const Info& info) {
    const auto rest = fmt::format("; `salvor verify {}` tells all of it", escape(info.source));
    add_flaws(
        page, "NOT READ",
        counted(info.unread.count, "thing was not readable", "things were not readable") + rest,
        info.unread);
    add_flaws(page, "in doubt",
              counted(info.doubtful.count, "place was read, but is", "places were read, but are") +
                  " not as etcd writes it" + rest,
              info.doubtful);
}

}  // namespace

std::string info_text(const Info& info) {
    Page page;
    add_what_it_is(page, info);
    add_store(page, info);
    add_members(page, info);
    for (const auto& cluster : info.kubernetes) add_kubernetes(page, cluster);
    add_kubernetes_unread(page, info);
    add_file(page, info);
    add_foreign(page, info);
    add_all_flaws(page, info);
    return page.take();
}

}  // namespace salvor::report
