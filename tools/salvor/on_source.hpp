#pragma once

#include <string>

#include "core/snapshot/snapshot.hpp"
#include "tools/salvor/commands.hpp"

// What every command that reads a SOURCE says of it on stderr.

namespace salvor::tool {

/// Of a database that a running etcd holds: that it may change while it is read.
void say_if_in_use(const Snapshot& snapshot);

/// An answer about the source: where its bytes are to blame for there being none, the error names
/// the source, and who tells more.
Result<Answer> on_source(const std::string& source, Result<Answer> answer);

}  // namespace salvor::tool
