#pragma once

#include "formats/etcd/version.hpp"
#include "tools/salvor/commands/snapshot_restore.hpp"
#include "tools/salvor/standin/command_tree.hpp"

namespace CLI {
class App;
}

namespace salvor::tool::standin {

enum class Name { etcdutl, salvor };

/// The commands and options of a line's etcdutl; under salvor's name `snapshot` and `hashkv` alone,
/// and
/// `--as` for the line.
Tree make_tree(Name name, etcd::Line line, snapshot_restore::Migrate migrate);

/// Declares a command's options once more where help and completion are made from them.
void describe(CLI::App& app, const std::vector<std::string>& command);

}  // namespace salvor::tool::standin
