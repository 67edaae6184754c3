#include "core/restore/explain.hpp"

#include <algorithm>

#include "core/restore/change.hpp"
#include "core/restore/next_steps.hpp"
#include "core/restore/standing.hpp"
#include "core/restore/urls.hpp"
#include "core/verify/remedies.hpp"
#include "formats/text/escape.hpp"
#include "formats/text/human.hpp"

namespace salvor::restore {
namespace {

template <class... Args>
void say(std::vector<Step>& steps, const char* kind, fmt::format_string<Args...> text,
         Args&&... args) {
    steps.push_back({kind, fmt::format(text, std::forward<Args>(args)...)});
}

/// Of the same name, or at one of the same URLs under another.
bool goes_on(const etcd::Member& old, const std::vector<etcd::Member>& members) {
    return std::ranges::any_of(members, [&](const etcd::Member& member) {
        return member.name == old.name ||
               std::ranges::find_first_of(member.peer_urls, old.peer_urls) !=
                   member.peer_urls.end();
    });
}

const etcd::Member* old_member(const Plan& plan, const std::string& name) {
    const auto found = std::ranges::find(plan.source.members, name, &etcd::Member::name);
    return found == plan.source.members.end() ? nullptr : &*found;
}

void say_members(Explanation& said, const Plan& plan, const Decision& decision) {
    for (const auto& member : plan.members) {
        const auto* old = old_member(plan, member.name);
        if (!old || !old->is_learner) continue;
        say(said.effects, "learner",
            "{} was a learner and becomes a voter: a restored cluster has no learners",
            text::escape(member.name));
    }
    for (const auto& member : decision.left_out) {
        say(said.effects, "leftOut", "member {} at {} never started, has no name and is left out",
            to_string(member.id), text::escape(joined(member.peer_urls, ",")));
    }
    const auto standing =
        static_cast<std::size_t>(std::ranges::count_if(plan.source.members, [&](const auto& m) {
            return !m.name.empty() && goes_on(m, plan.members);
        }));
    const auto gone = plan.source.members.size() - standing - decision.left_out.size();
    if (gone > 0) {
        say(said.warnings, "membersGone",
            "{} of the backup's {} members {} not in the new cluster: stop {} for good, empty the "
            "data {} and "
            "add {} anew",
            gone, plan.source.members.size(), gone == 1 ? "is" : "are", gone == 1 ? "it" : "them",
            gone == 1 ? "directory" : "directories", gone == 1 ? "it" : "them");
    }
    if (plan.members.size() == 2) {
        say(said.warnings, "quorum", "a cluster of 2 serves only while both members run");
    }
}

void say_versions(Explanation& said, const Plan& plan) {
    const auto to = migration(plan.source, plan.request.line);
    if (!to || !plan.request.migrate || to->none()) return;
    const auto line = to_string(plan.request.line);
    if (to->storage_version) {
        say(said.effects, "storageVersion",
            "storageVersion {} {} for etcd {}, as `etcdutl migrate` would do",
            plan.source.storage_version ? to_string(*plan.source.storage_version) : "(none)",
            *to->storage_version ? "becomes " + to_string(**to->storage_version) : "is removed",
            line);
    }
    if (to->cluster_version) {
        say(said.effects, "clusterVersion", "clusterVersion {} becomes {}",
            to_string(*plan.source.cluster_version), to_string(*to->cluster_version));
    }
    if (to->cancel_downgrade) {
        say(said.effects, "downgrade", "the pending downgrade to {} is cancelled",
            text::escape(plan.source.downgrade->target_version));
    }
}

void say_bump(Explanation& said, const Plan& plan, const Decision& decision) {
    const auto by = plan.request.bump_revision;
    if (by > 0) {
        say(said.effects, "bump",
            "revision {} becomes {} and all below is compacted, so that clients with a later "
            "revision in their "
            "caches list anew{}",
            plan.source.revision, plan.revision_after,
            decision.bump_by_default ? fmt::format(" (the default, for Kubernetes lives under {}; "
                                                   "--bump-revision 0 turns it off)",
                                                   text::escape(*decision.kubernetes_prefix))
                                     : "");
        say(said.lost, "history", "the history of keys: only their present values can be read");
        return;
    }
    if (decision.kubernetes_prefix) {
        say(said.warnings, "noBump",
            "the revision goes back to {}: controllers that saw later ones may miss changes until "
            "they are "
            "restarted (--bump-revision auto avoids it)",
            plan.source.revision);
    }
}

void say_alarms(Explanation& said, const Plan& plan) {
    for (const auto& alarm : plan.source.alarms) {
        if (plan.request.clear_alarms) {
            say(said.effects, "alarmCleared", "the alarm {} is cleared", name(alarm.type));
        } else {
            say(said.warnings, "alarm",
                "the alarm {} is in the backup: the restored cluster will refuse {} until `etcdctl "
                "alarm "
                "disarm`; --clear-alarms takes it out now",
                name(alarm.type),
                alarm.type == etcd::AlarmType::nospace ? "writes" : "reads and writes");
        }
    }
}

void say_auth(Explanation& said, const Plan& plan) {
    if (!plan.source.auth_enabled) return;
    if (plan.request.disable_auth) {
        say(said.effects, "authDisabled",
            "authentication is turned off: anybody who reaches the client port can read and write "
            "everything; "
            "users and roles stay, `etcdctl auth enable` turns it on again");
    } else {
        say(said.warnings, "auth",
            "authentication is on, with the users and passwords of the backup; --disable-auth "
            "turns it off where "
            "they are lost");
    }
}

void say_source(Explanation& said, const Snapshot& snapshot, const Plan& plan) {
    say(said.lost, "later", "everything written after revision {}", plan.source.revision);
    say(said.lost, "identity",
        "old member and cluster ids: members of the old cluster cannot join this one");
    say(said.lost, "leases", "how much of its time each lease had used: it starts anew");
    if (const auto tail = wal_tail(snapshot); tail > 0) {
        say(said.lost, "walTail",
            "{} entries in the source's own WAL that are not in its db: only its db is restored",
            tail);
    }
}

void say_replaced(Explanation& said, const Plan& plan, const PlannedMember& target) {
    for (const auto& [from, to] : target.moves) {
        say(said.effects, "movedAside", "{} is renamed to {}; nothing is deleted", from.string(),
            to.string());
    }
    if (target.done_before) {
        say(said.effects, "doneBefore", "{} is there already, just as it would be made: it stays",
            target.data_dir.string());
    }
    if (target.moves.empty()) return;
    const auto old = progressed(target.data_dir, target.wal_dir);
    if (!old) {
        say(said.warnings, "replacedUnreadable",
            "what stands at {} is no readable data directory, so it cannot be said whether it is "
            "newer",
            target.data_dir.string());
        return;
    }
    if (old->revision > plan.source.revision) {
        say(said.warnings, "replacedNewer", "{} is newer than the backup: revision {} against {}",
            target.data_dir.string(), old->revision, plan.source.revision);
    }
    if (old->wal_tail > 0) {
        say(said.warnings, "replacedWalTail", "the WAL of {} has {} entries beyond its db",
            target.data_dir.string(), old->wal_tail);
    }
}

void say_manifest(Explanation& said, const Plan& plan, const Decision& decision) {
    if (!decision.manifest || !decision.manifest->image_version) return;
    const auto& image = *decision.manifest->image_version;
    const auto line = etcd::line_of(image);
    const auto made_for = plan.request.line;
    if (line && (*line == made_for || static_cast<int>(*line) == static_cast<int>(made_for) + 1))
        return;
    say(said.warnings, "manifestImage",
        "the manifest's image is etcd {}, which does not start on a directory made for {}: give "
        "--for {} or change the image",
        to_string(image), to_string(made_for), line ? to_string(*line) : "the image's line");
}

void say_filter(Explanation& said, const Plan& plan) {
    if (!plan.request.filter.any()) return;
    for (const auto& [by, keys, bytes] : plan.filtered.dropped) {
        if (keys == 0)
            say(said.warnings, "dropsNothing", "{}: no key of the backup is such a one",
                text::escape(by));
        else
            say(said.lost, "dropped", "{}: {}, {}", text::escape(by),
                text::counted(keys, "key", "keys"), text::human_size(bytes));
    }
    if (plan.request.filter.leases)
        say(said.lost, "leasesDropped", "{}, as if all had run out",
            text::counted(plan.filtered.leases, "lease", "leases"));
    for (const auto& key : plan.filtered.cleared)
        say(said.effects, "finalizersCleared",
            "{} has no finalizer any more: nothing keeps it from being deleted",
            text::escape(key));
    if (plan.filtered.not_looked_into > 0)
        say(said.warnings, "finalizersUnknown", "{} encrypted and not looked into for finalizers",
            text::counted(plan.filtered.not_looked_into, "object is", "objects are"));
    if (plan.request.bump_revision > 0) return;
    say(said.effects, "compacted",
        "all up to revision {} is compacted: rows that are left out leave gaps in the history",
        plan.source.revision);
    say(said.lost, "history", "the history of keys: only their present values can be read");
}

void say_space(Explanation& said, const Plan& plan) {
    if (plan.request.compact) {
        say(said.effects, "compact",
            "the db is rewritten dense: free pages, and what was deleted in them, go");
    }
    if (plan.bytes_needed <= plan.bytes_free) return;
    say(said.warnings, "space", "{} are needed and {} are free: {}",
        text::human_size(plan.bytes_needed), text::human_size(plan.bytes_free),
        plan.bytes_not_shared > plan.bytes_free
            ? "it does not fit; choose another --data-dir"
            : "it fits only where the file system can share the backup's blocks");
}

/// Whether etcd would end at a row that this finding names. Source: verify/remedies.hpp
bool stops_etcd(const Finding& finding) {
    return finding.remedy == std::string_view(verify::remedy::stops_etcd);
}

}  // namespace

void add_verdict(Explanation& said, const Plan& plan, const std::filesystem::path& source,
                 const verify::Report& report) {
    std::vector<Step> first;
    if (const auto refused = refusal(report, source, plan.request)) {
        say(first, "refused", "this restore would be refused: {}", refused->message);
    } else if (report.backup == verify::BackupVerdict::flawed) {
        say(first, "flawed",
            "the backup is flawed and taken as it is: whether etcd starts on it, and what it then "
            "serves, is not known");
    }
    if (std::ranges::any_of(report.findings, stops_etcd)) {
        say(first, "stopsEtcd", "etcd will not start on it: it stops at a row found below");
    }
    said.warnings.insert(said.warnings.begin(), std::make_move_iterator(first.begin()),
                         std::make_move_iterator(first.end()));
}

Explanation explain(const Snapshot& snapshot, const Plan& plan, const Decision& decision) {
    Explanation said;
    say_members(said, plan, decision);
    say_versions(said, plan);
    say_bump(said, plan, decision);
    say_alarms(said, plan);
    say_auth(said, plan);
    for (const auto& target : plan.targets) {
        say_replaced(said, plan, target);
        said.boot_commands.push_back(boot_command(plan, target, decision));
    }
    say_manifest(said, plan, decision);
    say_filter(said, plan);
    say_space(said, plan);
    say_source(said, snapshot, plan);
    say_next_steps(said.next_steps, plan, decision);
    return said;
}

}  // namespace salvor::restore
