#include "formats/base/lock.hpp"

#include <sys/sysmacros.h>

#include <fstream>
#include <iterator>
#include <sstream>

namespace salvor {

// A line of /proc/locks (proc(5)): "1: FLOCK  ADVISORY  WRITE 1234 08:01:393217 0 EOF"; the device
// is major:minor in hex, a lock that waits has "->" before its kind.
std::optional<LockHolder> lock_holder(std::uint64_t device, std::uint64_t inode,
                                      std::string_view proc_locks) {
    const auto wanted = fmt::format("{:02x}:{:02x}:{}", major(device), minor(device), inode);
    std::istringstream lines{std::string(proc_locks)};
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string number, kind, advisory, access, pid, place;
        words >> number >> kind >> advisory >> access >> pid >> place;
        if (kind == "->" || place != wanted) continue;
        LockHolder holder{std::strtol(pid.c_str(), nullptr, 10), {}};
        std::ifstream comm("/proc/" + pid + "/comm");
        std::getline(comm, holder.name);
        return holder;
    }
    return {};
}

std::optional<LockHolder> lock_holder(const MappedFile& file) {
    std::ifstream locks("/proc/locks");
    const std::string text{std::istreambuf_iterator<char>(locks), {}};
    return lock_holder(file.device(), file.inode(), text);
}

}  // namespace salvor
