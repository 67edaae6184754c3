#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "formats/base/mapped_file.hpp"

namespace salvor {

/// The process that holds a lock on a file, as far as /proc tells.
struct LockHolder {
    long pid;          ///< -1 for a lock of another pid namespace
    std::string name;  ///< of its program, empty where it cannot be read
};

/// Looks a held flock or fcntl lock up in /proc/locks by device and inode. Never takes or tries
/// one: even a shared lock tried for an instant could make etcd fail to start.
std::optional<LockHolder> lock_holder(const MappedFile& file);
std::optional<LockHolder> lock_holder(std::uint64_t device, std::uint64_t inode,
                                      std::string_view proc_locks);

}  // namespace salvor
