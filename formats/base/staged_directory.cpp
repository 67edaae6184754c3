#include <fcntl.h>
#include <linux/fs.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <utility>

#include "formats/base/checksum.hpp"
#include "formats/base/interrupt.hpp"
#include "formats/base/output.hpp"

namespace salvor {
namespace fs = std::filesystem;
namespace {

/// A file name holds 255 bytes (limits.h NAME_MAX); the target's own name is cut to leave room.
constexpr std::size_t name_kept = 200;
constexpr int attempts = 100;

/// `a/b/` names the same as `a/b`, but its parent_path() is `a/b`.
fs::path without_slash(fs::path path) {
    while (path.has_relative_path() && path.filename().empty()) path = path.parent_path();
    return path;
}

fs::path parent_of(const fs::path& path) {
    return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

/// A dangling symbolic link stands in the way as much as anything else does.
Result<bool> stands(const fs::path& path) {
    struct stat status{};
    if (::lstat(path.c_str(), &status) == 0) return true;
    if (errno == ENOENT) return false;
    return fail_errno(errno, "stat", path.string());
}

Result<fs::path> nearest_existing(fs::path path) {
    for (path = without_slash(path);; path = parent_of(path)) {
        SALVOR_TRY(const bool there, stands(path));
        if (there) return path;
    }
}

/// Removed by somebody else meanwhile is as good.
Result<void> remove_tree(const fs::path& path) {
    std::error_code error;
    fs::remove_all(path, error);
    if (error && error != std::errc::no_such_file_or_directory) {
        return fail_errno(error.value(), "remove", path.string());
    }
    return {};
}

int open_directory(const fs::path& path) {
    return ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/// Another user's leftovers are not ours to remove, nor those of a run that is still at work.
Result<void> remove_leftover(const fs::path& path) {
    const int fd = open_directory(path);
    if (fd < 0) return {};
    Result<void> removed;
    struct stat status{};
    if (::fstat(fd, &status) == 0 && status.st_uid == ::geteuid() &&
        ::flock(fd, LOCK_EX | LOCK_NB) == 0) {
        removed = remove_tree(path);
    }
    ::close(fd);
    return removed;
}

std::string random_suffix() {
    std::array<char, 4> bytes{};
    // Four bytes are never cut short (getrandom(2)); zeros would only meet EEXIST and be tried
    // again.
    if (::getrandom(bytes.data(), bytes.size(), 0) < 0) bytes = {};
    return hex(Bytes(bytes.data(), bytes.size()));
}

/// A lock taken on a folder that a cleaning run removed in between protects nothing.
bool still_named(int fd, const fs::path& path) {
    struct stat open{};
    struct stat named{};
    return ::fstat(fd, &open) == 0 && ::lstat(path.c_str(), &named) == 0 &&
           open.st_ino == named.st_ino && open.st_dev == named.st_dev;
}

struct Locked {
    fs::path path;
    int lock;
};

/// Made, then locked: a run that cleans in between takes it for a leftover, and the next attempt is
/// ours.
Result<Locked> make_locked(const fs::path& place) {
    const auto stem =
        std::string(staged_prefix) + place.filename().string().substr(0, name_kept) + "-";
    for (int attempt = 0; attempt < attempts; ++attempt) {
        const auto path = parent_of(place) / (stem + random_suffix());
        if (::mkdir(path.c_str(), 0700) != 0) {
            if (errno == EEXIST) continue;
            return fail_errno(errno, "make the folder", path.string());
        }
        const int fd = open_directory(path);
        // Where the file system has no locks the folder is used unlocked: nobody else can lock it
        // either.
        if (fd >= 0 && (::flock(fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) &&
            still_named(fd, path)) {
            return Locked{path, fd};
        }
        if (fd >= 0) ::close(fd);
    }
    return fail(ErrorCode::io, "no {}* folder could be made beside {} in {} attempts", stem,
                place.string(), attempts);
}

Result<void> give_to(const fs::path& path, const std::optional<Owner>& owner) {
    if (owner && ::lchown(path.c_str(), owner->uid, owner->gid) != 0) {
        return fail_errno(errno, "change the owner of", path.string());
    }
    return {};
}

Result<void> make_owned(const fs::path& path, const std::optional<Owner>& owner) {
    if (::mkdir(path.c_str(), 0700) != 0)
        return fail_errno(errno, "make the folder", path.string());
    return give_to(path, owner);
}

Result<void> sync_tree(const fs::path& root) {
    std::error_code error;
    fs::recursive_directory_iterator at(root, error);
    for (; !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
        if (at->is_directory(error) && !at->is_symlink(error)) {
            SALVOR_CHECK(sync_directory(at->path()));
        }
    }
    if (error) return fail_errno(error.value(), "list", root.string());
    return sync_directory(root);
}

/// renameat2 with RENAME_NOREPLACE; where the file system lacks it, a look before a plain rename,
/// which itself never replaces a folder that has content.
Result<void> rename_exclusive(const fs::path& from, const fs::path& to) {
    int result = ::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE);
    if (result != 0 && (errno == EINVAL || errno == ENOSYS)) {
        SALVOR_TRY(const bool there, stands(to));
        if (there) return fail_errno(EEXIST, "rename to", to.string());
        result = ::rename(from.c_str(), to.c_str());
    }
    if (result != 0) return fail_errno(errno, "rename to", to.string());
    return {};
}

}  // namespace

Result<void> remove_leftovers(const fs::path& directory) {
    std::vector<fs::path> found;
    std::error_code error;
    fs::directory_iterator at(directory, error);
    for (; !error && at != fs::directory_iterator(); at.increment(error)) {
        if (at->path().filename().string().starts_with(staged_prefix)) found.push_back(at->path());
    }
    if (error) return fail_errno(error.value(), "list", directory.string());
    for (const auto& path : found) SALVOR_CHECK(remove_leftover(path));
    return {};
}

Result<StagedDirectory> StagedDirectory::create(const fs::path& target, std::optional<Owner> owner,
                                                InTheWay in_the_way) {
    StagedDirectory staged;
    staged.target_ = without_slash(target);
    staged.owner_ = owner;
    if (target.empty()) return fail(ErrorCode::usage, "the folder to make has no name");
    SALVOR_TRY(const bool there, stands(staged.target_));
    if (there && in_the_way == InTheWay::refused) {
        return fail_errno(EEXIST, "make", staged.target_.string());
    }
    std::vector<fs::path> missing{
        staged.target_};  // from the target up to the topmost missing parent
    for (;;) {
        const auto parent = parent_of(missing.back());
        SALVOR_TRY(const bool parent_there, stands(parent));
        if (parent_there) break;
        missing.push_back(parent);
    }
    for (const auto& path : missing) {
        if (path.filename() == ".." || path.filename() == ".") {
            return fail(ErrorCode::usage,
                        "{}: {} does not exist, so nothing can be made by way of it",
                        target.string(), parent_of(path).string());
        }
    }
    staged.top_ = missing.back();
    SALVOR_CHECK(remove_leftovers(parent_of(staged.top_)));
    SALVOR_TRY(auto made, make_locked(staged.top_));
    staged.root_ = std::move(made.path);
    staged.lock_ = made.lock;
    SALVOR_CHECK(give_to(staged.root_, owner));
    missing.pop_back();
    for (auto within = staged.root_; !missing.empty(); missing.pop_back()) {
        within /= missing.back().filename();
        SALVOR_CHECK(make_owned(within, owner));
    }
    return staged;
}

StagedDirectory::StagedDirectory(StagedDirectory&& other) noexcept {
    *this = std::move(other);
}

StagedDirectory& StagedDirectory::operator=(StagedDirectory&& other) noexcept {
    root_.swap(other.root_);
    top_.swap(other.top_);
    target_.swap(other.target_);
    placed_.swap(other.placed_);
    staged_.swap(other.staged_);
    std::swap(owner_, other.owner_);
    std::swap(lock_, other.lock_);
    return *this;
}

StagedDirectory::~StagedDirectory() {
    discard();
}

// What cannot be removed here stays as `.salvor-*`, and the next run tries again.
void StagedDirectory::discard() {
    if (!root_.empty() && placed_ != top_) (void)remove_tree(root_);
    if (lock_ >= 0) ::close(std::exchange(lock_, -1));
}

fs::path StagedDirectory::path() const {
    const auto within = target_.lexically_relative(top_);
    return within == "." ? root_ : root_ / within;
}

Result<void> StagedDirectory::make_directory(const fs::path& relative) const {
    return make_owned(path() / relative, owner_);
}

Result<void> StagedDirectory::commit() {
    SALVOR_CHECK(check_not_interrupted());
    SALVOR_CHECK(sync_tree(root_));
    // A parent that was missing may have been made since, by a commit before this one say: then
    // what is within is renamed into it.
    auto from = root_;
    auto to = top_;
    for (auto within = target_.lexically_relative(top_); const auto& name : within) {
        SALVOR_TRY(const bool there, stands(to));
        if (!there || name == ".") break;
        from /= name;
        to /= name;
    }
    SALVOR_CHECK(rename_exclusive(from, to));
    placed_ = to;
    staged_ = from;
    if (auto synced = sync_directory(parent_of(to)); !synced) {
        SALVOR_CHECK(withdraw());
        return synced;
    }
    return {};
}

Result<void> StagedDirectory::withdraw() {
    SALVOR_CHECK(rename_exclusive(placed_, staged_));
    placed_.clear();
    return sync_directory(parent_of(top_));
}

Result<void> commit_in_order(std::span<StagedDirectory> directories) {
    for (std::size_t i = 0; i < directories.size(); ++i) {
        auto committed = directories[i].commit();
        if (committed) continue;
        while (i-- > 0) SALVOR_CHECK(directories[i].withdraw());
        return committed;
    }
    return {};
}

Result<Occupancy> occupancy(const fs::path& directory) {
    SALVOR_TRY(const bool there, stands(directory));
    if (!there) return Occupancy::absent;
    std::error_code error;
    if (!fs::is_directory(directory, error)) {
        return fail(ErrorCode::not_a_file, "{} exists and is not a folder", directory.string());
    }
    fs::directory_iterator at(directory, error);
    for (; !error && at != fs::directory_iterator(); at.increment(error)) {
        const auto name = at->path().filename().string();
        if (name != "lost+found" && !name.starts_with(staged_prefix)) return Occupancy::occupied;
    }
    if (error) return fail_errno(error.value(), "list", directory.string());
    return Occupancy::empty;
}

Result<Owner> owner_of(const fs::path& path) {
    SALVOR_TRY(const auto existing, nearest_existing(path));
    struct stat status{};
    if (::stat(existing.c_str(), &status) != 0) {
        return fail_errno(errno, "stat", existing.string());
    }
    return Owner{status.st_uid, status.st_gid};
}

Result<std::uint64_t> free_space(const fs::path& path) {
    SALVOR_TRY(const auto existing, nearest_existing(path));
    struct statvfs status{};
    if (::statvfs(existing.c_str(), &status) != 0) {
        return fail_errno(errno, "statvfs", existing.string());
    }
    return std::uint64_t{status.f_bavail} * status.f_frsize;
}

Result<void> rename_no_replace(const fs::path& from, const fs::path& to) {
    SALVOR_CHECK(rename_exclusive(from, to));
    const auto old_parent = parent_of(from);
    const auto new_parent = parent_of(to);
    SALVOR_CHECK(sync_directory(new_parent));
    return old_parent == new_parent ? Result<void>{} : sync_directory(old_parent);
}

Result<void> sync_directory(const fs::path& path) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return fail_errno(errno, "open", path.string());
    // EINVAL: a file system on which folders cannot be synced apart (fsync(2)).
    const int error = ::fsync(fd) != 0 && errno != EINVAL ? errno : 0;
    ::close(fd);
    if (error != 0) return fail_errno(error, "sync the folder", path.string());
    return {};
}

}  // namespace salvor
