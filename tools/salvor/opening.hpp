#pragma once

#include <string>

#include "core/snapshot/snapshot.hpp"

namespace CLI {
class App;
}

// How a SOURCE is opened, for every command that has one alike.

namespace salvor::tool {

/// --entry, --temp-dir: which of an archive's entries is meant, where unpacked bytes may be put.
void add_opening(CLI::App& app);
/// What the options of this run say.
const envelope::Opening& opening();

/// Snapshot::open, as the options of this run say.
Result<Snapshot> open_source(const std::string& source,
                             Snapshot::Lock lock = Snapshot::Lock::ignore_held);

}  // namespace salvor::tool
