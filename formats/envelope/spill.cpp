#include "formats/envelope/spill.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "formats/base/descriptor.hpp"

namespace salvor::envelope {
namespace fs = std::filesystem;
namespace {

/// A file system without O_TMPFILE: made with a name, which is gone at once.
int make_and_unlink(const fs::path& folder) {
    auto name = (folder / ".salvor-XXXXXX").string();
    const int fd = ::mkostemp(name.data(), O_CLOEXEC);
    if (fd >= 0) ::unlink(name.c_str());
    return fd;
}

Result<Descriptor> unnamed_file(const SpillPlaces& places) {
    int error = ENOENT;
    fs::path last;
    for (const auto& folder : candidates(places)) {
        int fd = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC | O_EXCL, 0600);
        if (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR)) fd = make_and_unlink(folder);
        if (fd >= 0) return Descriptor(fd);
        error = errno;
        last = folder;
    }
    return std::unexpected(fail_errno(error, "make a temporary file in", last.string()));
}

Result<void> write_all(int fd, Bytes bytes) {
    while (!bytes.empty()) {
        const auto written = ::write(fd, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0 && errno == ENOSPC) {
            return fail(ErrorCode::io,
                        "there is no room to unpack it: choose a folder with more by --temp-dir");
        }
        if (written < 0) return std::unexpected(fail_errno(errno, "write", "a temporary file"));
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
}

/// Bytes in memory at first, and in a file from the moment on that they are too many.
class Spill {
 public:
    explicit Spill(const SpillPlaces& places) : places_(&places) {}

    Result<void> add(Bytes bytes) {
        size_ += bytes.size();
        if (size_ > most_unpacked) {
            return fail(ErrorCode::too_large, "more than {} GiB come out of it",
                        most_unpacked >> 30);
        }
        if (!file_.is_open() || (in_memory_ && size_ > most_in_memory)) SALVOR_CHECK(move_on());
        return write_all(file_.get(), bytes);
    }

    Result<Descriptor> finish() {
        if (!file_.is_open()) SALVOR_CHECK(move_on());
        return std::move(file_);
    }

 private:
    Result<void> move_on() {
        if (!file_.is_open() && size_ <= most_in_memory) {
            file_ = Descriptor(::memfd_create("salvor", MFD_CLOEXEC));
            in_memory_ = file_.is_open();
            if (in_memory_) return {};
        }
        SALVOR_TRY(auto file, unnamed_file(*places_));
        if (in_memory_) SALVOR_CHECK(copy_to(file.get()));
        file_ = std::move(file);
        in_memory_ = false;
        return {};
    }

    Result<void> copy_to(int to) const {
        std::string buffer(most_in_memory / 64, '\0');
        for (off_t at = 0;;) {
            const auto got = ::pread(file_.get(), buffer.data(), buffer.size(), at);
            if (got < 0) return std::unexpected(fail_errno(errno, "read", "memory"));
            if (got == 0) return {};
            SALVOR_CHECK(write_all(to, Bytes(buffer.data(), static_cast<std::size_t>(got))));
            at += got;
        }
    }

    const SpillPlaces* places_;
    Descriptor file_;
    bool in_memory_ = false;
    std::uint64_t size_ = 0;
};

}  // namespace

std::vector<fs::path> candidates(const SpillPlaces& places) {
    if (!places.chosen.empty()) return {places.chosen};
    std::vector<fs::path> found;
    const char* temporary = std::getenv("TMPDIR");
    if (temporary && *temporary) found.emplace_back(temporary);
    if (!places.output.empty()) found.push_back(places.output);
    found.emplace_back("/var/tmp");
    found.emplace_back("/tmp");
    return found;
}

Result<MappedFile> spill(Stream& stream, const SpillPlaces& places, const fs::path& name,
                         std::int64_t modified_ns) {
    Spill spill(places);
    for (;;) {
        SALVOR_TRY(const auto bytes, stream.next());
        if (bytes.empty()) break;
        SALVOR_CHECK(spill.add(bytes));
    }
    SALVOR_TRY(auto file, spill.finish());
    constexpr std::int64_t second = 1'000'000'000;
    const timespec time{modified_ns / second, modified_ns % second};
    const timespec both[] = {time, time};
    ::futimens(file.get(), both);
    return MappedFile::adopt(file.release(), name);
}

}  // namespace salvor::envelope
