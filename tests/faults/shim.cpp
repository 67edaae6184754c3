// Preloaded into a program under test: counts its calls that change files and makes one of them
// fail, or kills the program at it. Told by the environment:
//   SALVOR_FAULT_AT=N        which call, from 1
//   SALVOR_FAULT=ENOSPC|EIO|KILL|TERM|INT|HUP   the last three: the signal is sent, the call is
//   made SALVOR_FAULT_LOG=PATH    gets the call's name when it was reached SALVOR_SHRINK=PATH:SIZE
//   the file is cut to SIZE when it was just mapped
// Writes to what is no file or folder (a terminal, a pipe) are not counted.

#include <dlfcn.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdarg>
#include <cstdlib>
#include <cstring>
#include <string>

namespace {

std::atomic<long> calls{0};

const char* setting(const char* name) {
    const char* value = std::getenv(name);
    return value ? value : "";
}

void log_call(const char* name) {
    // By number, so that it is not counted itself.
    const long fd = ::syscall(SYS_openat, AT_FDCWD, setting("SALVOR_FAULT_LOG"),
                              O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (fd < 0) return;
    ::syscall(SYS_write, fd, name, std::strlen(name));
    ::syscall(SYS_close, fd);
}

/// 0: the fault is none of the signals that a command may take its time to obey.
int signal_of(const std::string& fault) {
    return fault == "TERM" ? SIGTERM : fault == "INT" ? SIGINT : fault == "HUP" ? SIGHUP : 0;
}

/// Whether this call is the one that is to fail, with errno set.
bool fails(const char* name) {
    static const long at = std::atol(setting("SALVOR_FAULT_AT"));
    if (++calls != at) return false;
    log_call(name);
    const std::string fault = setting("SALVOR_FAULT");
    if (fault == "KILL") ::kill(::getpid(), SIGKILL);
    if (const int signal = signal_of(fault)) {
        ::kill(::getpid(), signal);
        return false;
    }
    errno = fault == "EIO" ? EIO : ENOSPC;
    return true;
}

bool is_file(int fd) {
    struct stat status{};
    return ::fstat(fd, &status) == 0 && (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode));
}

template <class Function>
Function* next(const char* name) {
    return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

void shrink(int fd) {
    const std::string wish = setting("SALVOR_SHRINK");
    const auto colon = wish.rfind(':');
    if (colon == std::string::npos) return;
    struct stat mapped{};
    struct stat wanted{};
    const auto path = wish.substr(0, colon);
    if (::fstat(fd, &mapped) == 0 && ::stat(path.c_str(), &wanted) == 0 &&
        mapped.st_ino == wanted.st_ino && mapped.st_dev == wanted.st_dev) {
        ::syscall(SYS_truncate, path.c_str(), std::atol(wish.c_str() + colon + 1));
    }
}

}  // namespace

#define COUNTED(result, name, parameters, arguments, counts)      \
    extern "C" result name parameters {                           \
        if ((counts) && fails(#name)) return -1;                  \
        static auto* const real = next<result parameters>(#name); \
        return real arguments;                                    \
    }
#define COUNTED_OPEN(name, parameters, ...)                    \
    extern "C" int name parameters {                           \
        mode_t mode = 0;                                       \
        if (flags & (O_CREAT | O_TMPFILE)) {                   \
            va_list rest;                                      \
            va_start(rest, flags);                             \
            mode = va_arg(rest, mode_t);                       \
            va_end(rest);                                      \
            if ((flags & O_CREAT) && fails(#name)) return -1;  \
        }                                                      \
        static auto* const real = next<int parameters>(#name); \
        return real(__VA_ARGS__, flags, mode);                 \
    }

COUNTED_OPEN(open, (const char* path, int flags, ...), path)
COUNTED_OPEN(open64, (const char* path, int flags, ...), path)
COUNTED_OPEN(openat, (int folder, const char* path, int flags, ...), folder, path)
COUNTED_OPEN(openat64, (int folder, const char* path, int flags, ...), folder, path)
COUNTED(int, creat, (const char* path, mode_t mode), (path, mode), true)
COUNTED(int, creat64, (const char* path, mode_t mode), (path, mode), true)

COUNTED(ssize_t, write, (int fd, const void* bytes, size_t size), (fd, bytes, size), is_file(fd))
COUNTED(ssize_t, pwrite, (int fd, const void* bytes, size_t size, off_t at), (fd, bytes, size, at),
        is_file(fd))
COUNTED(ssize_t, pwrite64, (int fd, const void* bytes, size_t size, off64_t at),
        (fd, bytes, size, at), is_file(fd))
COUNTED(ssize_t, writev, (int fd, const iovec* parts, int count), (fd, parts, count), is_file(fd))
COUNTED(ssize_t, pwritev, (int fd, const iovec* parts, int count, off_t at), (fd, parts, count, at),
        is_file(fd))
COUNTED(ssize_t, pwritev64, (int fd, const iovec* parts, int count, off64_t at),
        (fd, parts, count, at), is_file(fd))
COUNTED(ssize_t, copy_file_range,
        (int from, off64_t* from_at, int to, off64_t* to_at, size_t size, unsigned flags),
        (from, from_at, to, to_at, size, flags), true)
COUNTED(ssize_t, sendfile, (int to, int from, off_t* at, size_t size), (to, from, at, size),
        is_file(to))
COUNTED(ssize_t, sendfile64, (int to, int from, off64_t* at, size_t size), (to, from, at, size),
        is_file(to))

COUNTED(int, fallocate, (int fd, int mode, off_t at, off_t size), (fd, mode, at, size), true)
COUNTED(int, fallocate64, (int fd, int mode, off64_t at, off64_t size), (fd, mode, at, size), true)
COUNTED(int, truncate, (const char* path, off_t size), (path, size), true)
COUNTED(int, truncate64, (const char* path, off64_t size), (path, size), true)
COUNTED(int, ftruncate, (int fd, off_t size), (fd, size), true)
COUNTED(int, ftruncate64, (int fd, off64_t size), (fd, size), true)
COUNTED(int, fsync, (int fd), (fd), true)
COUNTED(int, fdatasync, (int fd), (fd), true)
COUNTED(int, syncfs, (int fd), (fd), true)
COUNTED(int, sync_file_range, (int fd, off64_t at, off64_t size, unsigned flags),
        (fd, at, size, flags), true)

COUNTED(int, mkdir, (const char* path, mode_t mode), (path, mode), true)
COUNTED(int, mkdirat, (int folder, const char* path, mode_t mode), (folder, path, mode), true)
COUNTED(int, mkstemp, (char* name), (name), true)
COUNTED(int, rename, (const char* from, const char* to), (from, to), true)
COUNTED(int, renameat, (int from_folder, const char* from, int to_folder, const char* to),
        (from_folder, from, to_folder, to), true)
COUNTED(int, renameat2,
        (int from_folder, const char* from, int to_folder, const char* to, unsigned flags),
        (from_folder, from, to_folder, to, flags), true)
COUNTED(int, unlink, (const char* path), (path), true)
COUNTED(int, unlinkat, (int folder, const char* path, int flags), (folder, path, flags), true)
COUNTED(int, rmdir, (const char* path), (path), true)
COUNTED(int, remove, (const char* path), (path), true)
COUNTED(int, link, (const char* from, const char* to), (from, to), true)
COUNTED(int, linkat, (int from_folder, const char* from, int to_folder, const char* to, int flags),
        (from_folder, from, to_folder, to, flags), true)
COUNTED(int, symlink, (const char* to, const char* path), (to, path), true)
COUNTED(int, symlinkat, (const char* to, int folder, const char* path), (to, folder, path), true)
COUNTED(int, chmod, (const char* path, mode_t mode), (path, mode), true)
COUNTED(int, fchmod, (int fd, mode_t mode), (fd, mode), true)
COUNTED(int, fchmodat, (int folder, const char* path, mode_t mode, int flags),
        (folder, path, mode, flags), true)
COUNTED(int, chown, (const char* path, uid_t user, gid_t group), (path, user, group), true)
COUNTED(int, fchown, (int fd, uid_t user, gid_t group), (fd, user, group), true)
COUNTED(int, lchown, (const char* path, uid_t user, gid_t group), (path, user, group), true)
COUNTED(int, fchownat, (int folder, const char* path, uid_t user, gid_t group, int flags),
        (folder, path, user, group, flags), true)

extern "C" char* mkdtemp(char* name) {
    if (fails("mkdtemp")) return nullptr;
    static auto* const real = next<char*(char*)>("mkdtemp");
    return real(name);
}

extern "C" int ioctl(int fd, unsigned long request, ...) {
    va_list rest;
    va_start(rest, request);
    void* argument = va_arg(rest, void*);
    va_end(rest);
    if ((request == FICLONE || request == FICLONERANGE) && fails("ioctl")) return -1;
    static auto* const real = next<int(int, unsigned long, ...)>("ioctl");
    return real(fd, request, argument);
}

extern "C" void* mmap(void* wish, size_t size, int protection, int flags, int fd, off_t at) {
    // Not by dlsym, which itself may map memory.
    void* map = reinterpret_cast<void*>(::syscall(SYS_mmap, wish, size, protection, flags, fd, at));
    if (map != MAP_FAILED && fd >= 0 && (flags & MAP_TYPE) == MAP_SHARED) shrink(fd);
    return map;
}
extern "C" void* mmap64(void* wish, size_t size, int protection, int flags, int fd, off64_t at) {
    return mmap(wish, size, protection, flags, fd, at);
}
