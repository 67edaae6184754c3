#include "core/restore/site.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <ctime>

#include "core/restore/holder.hpp"

namespace salvor::restore {
namespace fs = std::filesystem;
namespace {

fs::path normal(const fs::path& path) {
    auto normal = path.lexically_normal();
    while (normal.has_relative_path() && normal.filename().empty()) normal = normal.parent_path();
    std::error_code error;
    return fs::is_symlink(normal, error) && fs::exists(normal, error) ? fs::canonical(normal, error)
                                                                      : normal;
}

/// Of a file system or a bind mount: it cannot be renamed.
bool is_mount_point(const fs::path& path) {
    struct statx status{};
    return ::statx(AT_FDCWD, path.c_str(), 0, STATX_INO, &status) == 0 &&
           (status.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
}

/// `etcd.replaced-20260102T030405Z`, a number more where that is taken.
Move aside(const fs::path& from) {
    const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    struct tm utc{};
    ::gmtime_r(&now, &utc);
    char stamp[sizeof "20260102T030405Z"];
    std::strftime(stamp, sizeof stamp, "%Y%m%dT%H%M%SZ", &utc);
    const auto first = from.string() + ".replaced-" + stamp;
    fs::path to = first;
    std::error_code error;
    for (int n = 2; fs::exists(fs::symlink_status(to, error)); ++n) {
        to = fmt::format("{}-{}", first, n);
    }
    return {from, to};
}

/// A rename needs its parent's file system; of a mount only what is in it can be renamed.
void move_aside(PlannedMember& target) {
    if (!is_mount_point(target.data_dir)) {
        target.build_at = target.data_dir;
        target.moves.push_back(aside(target.data_dir));
        return;
    }
    target.build_at = target.data_dir / "member";
    std::error_code error;
    if (fs::exists(fs::symlink_status(target.build_at, error))) {
        target.moves.push_back(aside(target.build_at));
    }
}

Result<void> choose_data_site(PlannedMember& target, const Request& request,
                              const Standing& standing) {
    SALVOR_TRY(const auto there, occupancy(target.data_dir));
    if (there == Occupancy::absent) {
        target.build_at = target.data_dir;
        return {};
    }
    if (there == Occupancy::empty) {
        target.build_at = target.data_dir / "member";
        return {};
    }
    if (const auto holder = holder_of(target.data_dir, target.wal_dir)) {
        return fail(ErrorCode::in_use,
                    "{} is in use by {}: nothing was done; stop it first (kubeadm: move "
                    "/etc/kubernetes/manifests/etcd.yaml out of that folder and wait)",
                    target.data_dir.string(), to_string(*holder));
    }
    SALVOR_TRY(target.done_before, standing.whole(target));
    if (target.done_before) {
        target.build_at = target.data_dir;
        return {};
    }
    if (!request.replace) {
        return fail(
            ErrorCode::exists,
            "{} is not empty: nothing was done; name another --data-dir, or give --replace, "
            "which renames what is there and deletes nothing",
            target.data_dir.string());
    }
    move_aside(target);
    return {};
}

Result<void> choose_wal_site(PlannedMember& target, const Request& request,
                             const Standing& standing) {
    if (!target.separate_wal()) return {};
    SALVOR_TRY(const auto there, occupancy(target.wal_dir));
    if (there != Occupancy::occupied) return {};
    for (const auto& move : target.moves) {
        if (path_within(target.wal_dir, move.from)) return {};
    }
    SALVOR_TRY(target.wal_done_before, standing.wal(target));
    if (target.wal_done_before) return {};
    if (!request.replace) {
        return fail(ErrorCode::exists,
                    "--wal-dir {} is not empty: nothing was done; name another, or give --replace, "
                    "which renames what is there and deletes nothing",
                    target.wal_dir.string());
    }
    if (is_mount_point(target.wal_dir)) {
        return fail(ErrorCode::exists,
                    "--wal-dir {} is a mount and not empty, so it cannot be renamed: name a folder "
                    "in it that is not there yet",
                    target.wal_dir.string());
    }
    target.moves.push_back(aside(target.wal_dir));
    return {};
}

/// Only root can give a folder away; for others the default is what they would get anyway.
std::optional<Owner> default_owner(const Result<Owner>& of) {
    return of && ::geteuid() == 0 ? std::optional(*of) : std::nullopt;
}

}  // namespace

std::optional<fs::path> path_within(const fs::path& path, const fs::path& directory) {
    std::error_code error;
    auto relative =
        fs::weakly_canonical(fs::absolute(path, error), error)
            .lexically_relative(fs::weakly_canonical(fs::absolute(directory, error), error));
    if (relative.empty() || *relative.begin() == "..") return {};
    return relative;
}

bool PlannedMember::separate_wal() const {
    return !path_within(wal_dir, build_at);
}

Result<void> choose_site(PlannedMember& target, const Request& request, const Standing& standing) {
    target.data_dir = normal(target.data_dir);
    target.wal_dir = request.wal_dir ? normal(*request.wal_dir) : target.data_dir / "member/wal";
    target.owner = request.owner ? request.owner : default_owner(owner_of(target.data_dir));
    target.wal_owner = request.owner ? request.owner : default_owner(owner_of(target.wal_dir));
    if (path_within(target.data_dir / "member/snap", target.wal_dir)) {
        return fail(ErrorCode::usage, "--wal-dir {} would hold the data directory's own files",
                    target.wal_dir.string());
    }
    SALVOR_CHECK(choose_data_site(target, request, standing));
    if (target.done_before) return {};
    return choose_wal_site(target, request, standing);
}

}  // namespace salvor::restore
