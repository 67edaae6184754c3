#pragma once

#include "formats/etcd/version.hpp"
#include "tools/salvor/commands.hpp"
#include "tools/salvor/standin/command_tree.hpp"

namespace salvor::tool::snapshot_restore {

/// For help and completion; the words are read by the stand-in's own parser.
Run declare(CLI::App& app);

/// Whether the db may be changed to boot on the line that is stood in for; etcdutl itself never
/// does that.
enum class Migrate { no, to_line };
int run(const standin::Call& call, etcd::Line line, Migrate migrate);

}  // namespace salvor::tool::snapshot_restore
