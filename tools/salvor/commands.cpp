#include "tools/salvor/commands.hpp"

#include <array>

#include "tools/salvor/commands/hashkv.hpp"
#include "tools/salvor/commands/info.hpp"
#include "tools/salvor/commands/page.hpp"
#include "tools/salvor/commands/restore.hpp"
#include "tools/salvor/commands/snapshot.hpp"
#include "tools/salvor/commands/verify.hpp"
#include "tools/salvor/commands/version.hpp"
#include "tools/salvor/standin/persona.hpp"

namespace salvor::tool {
namespace {

constexpr std::array table{
    Command{"info", "look", "say what a snapshot is and what is in it", info::declare},
    Command{"page", "look", "show the file's own structure, page by page", page::declare},
    Command{"verify", "check", "say whether a backup is sound, each flaw with its place and remedy",
            verify::declare},
    Command{"restore", "rebuild", "build a data directory, or every member's, from a backup",
            restore::declare},
    Command{"snapshot status", "stand-in",
            "hash, revision, keys and size of a snapshot, as etcdutl", snapshot::declare_status,
            standin::run_as_salvor},
    Command{"snapshot restore", "stand-in", "make a data directory of a snapshot, as etcdutl",
            snapshot::declare_restore, standin::run_as_salvor},
    Command{"hashkv", "stand-in", "hash of the history that a file keeps, as etcdutl",
            hashkv::declare, standin::run_as_salvor},
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
