#include "core/restore/holder.hpp"

#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <charconv>
#include <fstream>

#include "formats/text/escape.hpp"

namespace salvor::restore {
namespace fs = std::filesystem;
namespace {

std::optional<LockHolder> lock_on(const fs::path& path) {
    const auto file = MappedFile::open(path);
    return file ? lock_holder(*file) : std::nullopt;
}

bool has_open(const fs::path& process, const struct stat& wanted) {
    std::error_code error;
    for (fs::directory_iterator at(process / "fd", error), end; !error && at != end;
         at.increment(error)) {
        struct stat open{};
        if (::stat(at->path().c_str(), &open) == 0 && open.st_dev == wanted.st_dev &&
            open.st_ino == wanted.st_ino) {
            return true;
        }
    }
    return false;
}

/// A server that runs without locks (another kernel's, over NFS say) still has the file open.
std::optional<LockHolder> opener_of(const fs::path& path) {
    struct stat wanted{};
    if (::stat(path.c_str(), &wanted) != 0) return {};
    std::error_code error;
    for (fs::directory_iterator at("/proc", error), end; !error && at != end; at.increment(error)) {
        const auto name = at->path().filename().string();
        long pid = 0;
        const auto [last, failed] = std::from_chars(name.data(), name.data() + name.size(), pid);
        if (failed != std::errc{} || last != name.data() + name.size() || pid == ::getpid() ||
            !has_open(at->path(), wanted)) {
            continue;
        }
        LockHolder holder{pid, {}};
        std::ifstream comm(at->path() / "comm");
        std::getline(comm, holder.name);
        return holder;
    }
    return {};
}

}  // namespace

std::optional<LockHolder> holder_of(const fs::path& data_dir, const fs::path& wal_dir) {
    const auto db = data_dir / "member/snap/db";
    if (auto holder = lock_on(db)) return holder;
    std::error_code error;
    for (fs::directory_iterator at(wal_dir, error), end; !error && at != end; at.increment(error)) {
        if (at->path().extension() != ".wal") continue;
        if (auto holder = lock_on(at->path())) return holder;
    }
    return opener_of(db);
}

std::string to_string(const LockHolder& holder) {
    if (holder.pid < 0) return "a process of another container";
    return holder.name.empty()
               ? fmt::format("process {}", holder.pid)
               : fmt::format("{}, process {}", text::escape(holder.name), holder.pid);
}

}  // namespace salvor::restore
