#include "tools/salvor/standin/source_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "formats/base/lock.hpp"

namespace salvor::tool::standin {
namespace {

/// bbolt takes what has no size for a new database, and fails to write its first pages.
std::string words_on(const std::string& path, mode_t mode, etcd::Line line) {
    if (S_ISDIR(mode)) {
        return line >= etcd::Line::v3_6 ? "invalid database"
                                        : fmt::format("open {}: is a directory", path);
    }
    if (S_ISFIFO(mode) && path.starts_with("/dev/"))
        return fmt::format("write {}: illegal seek", path);
    if (S_ISCHR(mode)) return fmt::format("write {}: bad file descriptor", path);
    return {};
}

}  // namespace

std::optional<std::string> missing(const std::string& path) {
    struct stat status{};
    if (::stat(path.c_str(), &status) == 0) return {};
    return fail_errno(errno, "stat", path).error().message;
}

Result<void> check_not_held(const MappedFile& file) {
    const auto holder = lock_holder(file);
    if (!holder) return {};
    const auto who =
        holder->pid < 0
            ? std::string("a process of another container")
            : fmt::format("{} (process {})", holder->name.empty() ? "a program" : holder->name,
                          holder->pid);
    return fail(ErrorCode::in_use, "{} is in use by {}; take a snapshot or a copy and ask that",
                file.path().string(), who);
}

Result<MappedFile> open_status_file(const std::string& path, etcd::Line line) {
    struct stat status{};
    if (::stat(path.c_str(), &status) != 0) return fail_errno(errno, "stat", path);
    if (const auto words = words_on(path, status.st_mode, line); !words.empty()) {
        return fail(ErrorCode::not_a_file, "{}", words);
    }
    SALVOR_TRY(auto file, MappedFile::open(path));
    if (file.bytes().empty())
        return fail(ErrorCode::malformed, "write {}: bad file descriptor", path);
    return file;
}

Result<Snapshot> open_restore_source(const std::string& path) {
    struct stat status{};
    if (::stat(path.c_str(), &status) != 0) return fail_errno(errno, "open", path);
    if (S_ISDIR(status.st_mode))
        return fail(ErrorCode::not_a_file, "read {}: is a directory", path);
    if (S_ISFIFO(status.st_mode) && path.starts_with("/dev/")) {
        return fail(ErrorCode::not_a_file, "seek {}: illegal seek", path);
    }
    if (!S_ISREG(status.st_mode)) {
        return fail(ErrorCode::not_a_file,
                    "{} is no regular file: a snapshot cannot be read from it", path);
    }
    if (status.st_size < 32) return fail(ErrorCode::malformed, "seek {}: invalid argument", path);
    return Snapshot::open_as_etcd(path);
}

}  // namespace salvor::tool::standin
