#include "tools/salvor/standin/source_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "formats/base/lock.hpp"

namespace salvor::tool::standin {
namespace {

Result<void> wrong_kind(const std::string& path, mode_t mode, etcd::Line line) {
    if (S_ISDIR(mode)) {
        if (line >= etcd::Line::v3_6) return fail(ErrorCode::not_a_file, "invalid database");
        return fail(ErrorCode::not_a_file, "open {}: is a directory", path);
    }
    // bbolt takes what has no size for a new database and writes its first pages.
    if (path.starts_with("/dev/") && S_ISFIFO(mode))
        return fail(ErrorCode::not_a_file, "write {}: illegal seek", path);
    if (S_ISCHR(mode)) return fail(ErrorCode::not_a_file, "write {}: bad file descriptor", path);
    return fail(ErrorCode::not_a_file, "{} is no regular file: a database cannot be read from it",
                path);
}

}  // namespace

std::optional<std::string> missing(const std::string& path) {
    struct stat status{};
    if (::stat(path.c_str(), &status) == 0) return {};
    return fail_errno(errno, "stat", path).error().message;
}

Result<MappedFile> open_database_file(const std::string& path, etcd::Line line) {
    struct stat status{};
    if (::stat(path.c_str(), &status) != 0) return fail_errno(errno, "stat", path);
    if (!S_ISREG(status.st_mode)) {
        auto kind = wrong_kind(path, status.st_mode, line);
        return std::unexpected(kind.error());
    }
    SALVOR_TRY(auto file, MappedFile::open(path));
    if (const auto holder = lock_holder(file)) {
        const auto who =
            holder->pid < 0
                ? std::string("a process of another container")
                : fmt::format("{} (process {})", holder->name.empty() ? "a program" : holder->name,
                              holder->pid);
        return fail(ErrorCode::in_use, "{} is in use by {}; take a snapshot or a copy and ask that",
                    path, who);
    }
    if (file.bytes().empty())
        return fail(ErrorCode::malformed, "write {}: bad file descriptor", path);
    return file;
}

}  // namespace salvor::tool::standin
