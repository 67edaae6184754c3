#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "formats/base/lock.hpp"

namespace salvor::restore {

/// A process that has a data directory in use: it holds the lock of its db or of a segment of its
/// WAL, or has the db open (as far as /proc shows that to this user). This process itself does not
/// count.
std::optional<LockHolder> holder_of(const std::filesystem::path& data_dir,
                                    const std::filesystem::path& wal_dir);

/// "etcd, process 4711".
std::string to_string(const LockHolder& holder);

}  // namespace salvor::restore
