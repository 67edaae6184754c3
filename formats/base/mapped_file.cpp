#include "formats/base/mapped_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <mutex>

#include "formats/base/opened_files.hpp"

#ifdef SALVOR_HAVE_MIO
#include <mio/mmap.hpp>
#endif

namespace salvor {
namespace {

// Every live map, so that the SIGBUS handler can tell our pages from a bug. Read without a lock in
// the handler: a slot is filled before it is published and emptied before it is unmapped.
struct Slot {
    std::atomic<const char*> begin{nullptr};
    std::atomic<std::size_t> size{0};
    std::atomic<std::int64_t> lost_at{-1};  // first offset that could not be read
};
constexpr std::size_t max_maps = 4096;  // WAL segments of a data directory and some files
std::array<Slot, max_maps> slots;
std::atomic<std::int64_t> lost_in_any{-1};  // outlives the map it was seen in
std::mutex slots_mutex;
struct sigaction previous_action;

/// The first loss stays.
void lose(Slot& slot, std::int64_t offset) {
    std::int64_t none = -1;
    slot.lost_at.compare_exchange_strong(none, offset);
    none = -1;
    lost_in_any.compare_exchange_strong(none, offset);
}

void give_up(int signal) {
    ::sigaction(signal, &previous_action, nullptr);
    // The faulting instruction runs again and meets the former action.
}

// A page of ours that the kernel cannot fill (truncated file, failed disk) becomes a page of zeros,
// and the map remembers where. Only mmap(2) and atomics here.
void on_sigbus(int signal, siginfo_t* info, void*) {
    const auto* fault = static_cast<const char*>(info->si_addr);
    for (auto& slot : slots) {
        const char* begin = slot.begin.load(std::memory_order_acquire);
        if (!begin || fault < begin || fault >= begin + slot.size.load(std::memory_order_acquire)) {
            continue;
        }
        const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
        const auto address = reinterpret_cast<std::uintptr_t>(fault) & ~(page - 1);
        void* at = reinterpret_cast<void*>(address);  // NOLINT(performance-no-int-to-ptr)
        if (::mmap(at, page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != at)
            break;
        lose(slot, fault - begin);
        return;
    }
    give_up(signal);
}

Slot* publish(const char* begin, std::size_t size) {
    static std::once_flag once;
    std::call_once(once, [] {
        struct sigaction action{};
        action.sa_sigaction = on_sigbus;
        action.sa_flags = SA_SIGINFO;
        ::sigaction(SIGBUS, &action, &previous_action);
    });
    const std::lock_guard lock(slots_mutex);
    for (auto& slot : slots) {
        if (slot.begin.load()) continue;
        slot.lost_at = -1;
        slot.size = size;
        slot.begin.store(begin, std::memory_order_release);
        return &slot;
    }
    return nullptr;
}

int open_read_only(const char* path) {
    // O_NONBLOCK so that a FIFO does not wait for a writer; O_NOATIME is for the file's owner
    // alone.
    const int flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK;
    const int fd = ::open(path, flags | O_NOATIME);
    return fd >= 0 || errno != EPERM ? fd : ::open(path, flags);
}

const char* kind_of(mode_t mode) {
    if (S_ISDIR(mode)) return "a directory";
    if (S_ISFIFO(mode)) return "a FIFO";
    if (S_ISSOCK(mode)) return "a socket";
    return "a device";
}

}  // namespace

struct MappedFile::Map {
    std::filesystem::path path;
    int fd = -1;
    struct stat status{};
    Bytes bytes;
    Slot* slot = nullptr;
#ifdef SALVOR_HAVE_MIO
    mio::mmap_source map;
#endif

    Map() = default;
    Map(const Map&) = delete;
    Map& operator=(const Map&) = delete;
    ~Map() {
        note_shrinkage();
        if (slot) slot->begin.store(nullptr);
#ifndef SALVOR_HAVE_MIO
        if (!bytes.empty()) ::munmap(const_cast<char*>(bytes.data()), bytes.size());
#endif
        if (fd >= 0) ::close(fd);
    }

    /// The bytes behind a new end that lies within a page read as zeros without a fault.
    void note_shrinkage() const {
        struct stat now{};
        if (slot && ::fstat(fd, &now) == 0 && now.st_size < status.st_size)
            lose(*slot, now.st_size);
    }

    Result<void> map_all() {
        const auto size = static_cast<std::size_t>(status.st_size);
#ifdef SALVOR_HAVE_MIO
        std::error_code error;
        map.map(fd, 0, size, error);
        if (error) return fail(ErrorCode::io, "map {}: {}", path.string(), error.message());
        bytes = Bytes(map.data(), size);
#else
        void* at = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, fd, 0);
        if (at == MAP_FAILED) return fail_errno(errno, "map", path.string());
        bytes = Bytes(static_cast<const char*>(at), size);
#endif
        slot = publish(bytes.data(), size);
        if (!slot)
            return fail(ErrorCode::too_large, "{}: more than {} files are open", path.string(),
                        max_maps);
        return {};
    }
};

Result<MappedFile> MappedFile::open(const std::filesystem::path& path) {
    const int fd = open_read_only(path.c_str());
    if (fd < 0) return fail_errno(errno, "open", path.string());
    auto file = adopt(fd, path);
    if (file) note_opened_file(path, file->bytes(), file->modified_ns());
    return file;
}

Result<MappedFile> MappedFile::adopt(int fd, const std::filesystem::path& path) {
    auto map = std::make_shared<Map>();
    map->path = path;
    map->fd = fd;
    if (::fstat(map->fd, &map->status) != 0) return fail_errno(errno, "stat", path.string());
    if (!S_ISREG(map->status.st_mode)) {
        return fail(
            ErrorCode::not_a_file, "{} is {}, not a file{}", path.string(),
            kind_of(map->status.st_mode),
            S_ISFIFO(map->status.st_mode) ? ": save what comes out of it to one first" : "");
    }
    if (map->status.st_size > 0) SALVOR_CHECK(map->map_all());
    return MappedFile(std::move(map));
}

Bytes MappedFile::bytes() const {
    return map_->bytes;
}
const std::filesystem::path& MappedFile::path() const {
    return map_->path;
}
int MappedFile::fd() const {
    return map_->fd;
}
std::uint64_t MappedFile::device() const {
    return map_->status.st_dev;
}
std::uint64_t MappedFile::inode() const {
    return map_->status.st_ino;
}
std::int64_t MappedFile::modified_ns() const {
    return map_->status.st_mtim.tv_sec * 1'000'000'000LL + map_->status.st_mtim.tv_nsec;
}

Result<void> MappedFile::intact() const {
    if (!map_->slot) return {};
    map_->note_shrinkage();
    const std::int64_t lost = map_->slot->lost_at.load();
    if (lost < 0) return {};
    return fail_at(
        static_cast<std::uint64_t>(lost), ErrorCode::io,
        "{}: byte {} could not be read: the file shrank while it was read, or its disk fails",
        map_->path.string(), lost);
}

void MappedFile::will_read_all() const {
    if (!map_->bytes.empty()) {
        ::madvise(const_cast<char*>(map_->bytes.data()), map_->bytes.size(), MADV_WILLNEED);
    }
}

Result<void> all_maps_intact() {
    const auto lost = lost_in_any.load();
    if (lost < 0) return {};
    return fail_at(
        static_cast<std::uint64_t>(lost), ErrorCode::io,
        "byte {} of an input could not be read: the file shrank while it was read, or its "
        "disk fails; nothing said above can be relied on",
        lost);
}

}  // namespace salvor
