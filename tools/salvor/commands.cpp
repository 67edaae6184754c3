#include "tools/salvor/commands.hpp"

#include <array>

#include "tools/salvor/commands/alarms.hpp"
#include "tools/salvor/commands/audit.hpp"
#include "tools/salvor/commands/carve.hpp"
#include "tools/salvor/commands/compact.hpp"
#include "tools/salvor/commands/compare.hpp"
#include "tools/salvor/commands/completion.hpp"
#include "tools/salvor/commands/defrag.hpp"
#include "tools/salvor/commands/describe.hpp"
#include "tools/salvor/commands/diff.hpp"
#include "tools/salvor/commands/export.hpp"
#include "tools/salvor/commands/get.hpp"
#include "tools/salvor/commands/hashkv.hpp"
#include "tools/salvor/commands/help.hpp"
#include "tools/salvor/commands/history.hpp"
#include "tools/salvor/commands/info.hpp"
#include "tools/salvor/commands/keys.hpp"
#include "tools/salvor/commands/leases.hpp"
#include "tools/salvor/commands/members.hpp"
#include "tools/salvor/commands/migrate.hpp"
#include "tools/salvor/commands/open.hpp"
#include "tools/salvor/commands/page.hpp"
#include "tools/salvor/commands/query.hpp"
#include "tools/salvor/commands/recover.hpp"
#include "tools/salvor/commands/replay.hpp"
#include "tools/salvor/commands/report.hpp"
#include "tools/salvor/commands/restore.hpp"
#include "tools/salvor/commands/roles.hpp"
#include "tools/salvor/commands/seal.hpp"
#include "tools/salvor/commands/search.hpp"
#include "tools/salvor/commands/snapshot_restore.hpp"
#include "tools/salvor/commands/snapshot_status.hpp"
#include "tools/salvor/commands/timeline.hpp"
#include "tools/salvor/commands/top.hpp"
#include "tools/salvor/commands/users.hpp"
#include "tools/salvor/commands/verify.hpp"
#include "tools/salvor/commands/version.hpp"
#include "tools/salvor/commands/wal.hpp"
#include "tools/salvor/standin/persona.hpp"

namespace salvor::tool {
namespace {

constexpr std::array table{
    Command{"info", "look", "say what a snapshot is and what is in it", info::declare},
    Command{"get", "look", "print Kubernetes objects as kubectl get does", get::declare},
    Command{"describe", "look", "tell all about Kubernetes objects, as kubectl describe",
            describe_objects::declare},
    Command{"top", "look", "say what fills a database, and what of it is dead", top::declare},
    Command{"keys", "look", "print stored keys and values as etcdctl get does", keys::declare},
    Command{"leases", "look", "list leases and the keys attached to them", leases::declare},
    Command{"users", "look", "list users and their roles", users::declare},
    Command{"roles", "look", "list roles and what they permit", roles::declare},
    Command{"members", "look", "list the members that the file knows", members::declare},
    Command{"alarms", "look", "list raised alarms", alarms::declare},
    Command{"history", "look", "tell every kept revision of one object and what changed",
            history::declare},
    Command{"timeline", "look", "tell what happened, in order, over one snapshot or several",
            events::declare},
    Command{"search", "look", "find a text in keys and values, whatever they are stored as",
            search::declare},
    Command{"query", "look", "ask a snapshot by SQL", sql::declare},
    Command{"export", "look", "write objects as manifests that apply again", manifests::declare},
    Command{"page", "look", "show the file's own structure, page by page", page::declare},
    Command{"wal", "look", "show a member's log, record by record", wal::declare},
    Command{"verify", "check", "say whether a backup is sound, each flaw with its place and remedy",
            verify::declare},
    Command{"diff", "check",
            "tell what differs between two snapshots, two revisions, or a snapshot and manifests",
            differences::declare},
    Command{"compare", "check",
            "put members' disks and backups side by side: which one to rebuild from",
            compare::declare},
    Command{"audit", "check",
            "say what is encrypted at rest, who may do what, and what a thief holds",
            audit::declare},
    Command{"report", "check", "make one page to look at of a snapshot", page_of_all::declare},
    Command{"restore", "rebuild", "build a data directory, or every member's, from a backup",
            restore::declare},
    Command{"replay", "rebuild", "make a snapshot of one member's disk, its log's tail applied",
            replay::declare},
    Command{"recover", "rebuild", "make a sound snapshot of what a damaged one still holds",
            recover::declare},
    Command{"carve", "rebuild", "list deleted and older rows that are still in a file",
            carve::declare},
    Command{"compact", "rebuild", "make a snapshot without the history before a revision",
            compact::declare},
    Command{"defrag", "rebuild", "make a snapshot without free pages", defrag::declare},
    Command{"migrate", "rebuild", "make a snapshot with the schema of another line of etcd",
            migrate::declare},
    Command{"seal", "protect", "verify, compress and encrypt a backup for a place offsite",
            seal::declare},
    Command{"open", "protect", "make a plain snapshot with a right digest of any source",
            open::declare},
    Command{"snapshot status", "stand-in",
            "hash, revision, keys and size of a snapshot, as etcdutl", snapshot_status::declare,
            standin::run_as_salvor},
    Command{"snapshot restore", "stand-in", "make a data directory of a snapshot, as etcdutl",
            snapshot_restore::declare, standin::run_as_salvor},
    Command{"hashkv", "stand-in", "hash of the history that a file keeps, as etcdutl",
            hashkv::declare, standin::run_as_salvor},
    Command{"help", "more", "list the commands, or show a command's manual", help::declare},
    Command{"completion", "more", "print a shell's completion script", completion::declare},
    Command{"version", "more", "say the version and the libraries in it", version::declare},
};

}  // namespace

std::span<const Command> commands() {
    return table;
}

std::span<const Persona> personas() {
    static constexpr std::array personas{Persona{"etcdutl", standin::run_as_etcdutl}};
    return personas;
}

}  // namespace salvor::tool
