#pragma once

#include "formats/etcd/version.hpp"
#include "tools/salvor/commands.hpp"
#include "tools/salvor/standin/command_tree.hpp"

namespace salvor::tool::snapshot_status {

/// For help and completion; the words are read by the stand-in's own parser.
Run declare(CLI::App& app);

int run(const standin::Call& call, etcd::Line line);

}  // namespace salvor::tool::snapshot_status
