#include "formats/base/output.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "tests/temporary_directory.hpp"

using namespace salvor;
namespace fs = std::filesystem;

namespace {

std::string pattern(std::size_t size) {
    std::string bytes(size, '\0');
    std::uint32_t state = 1;
    for (auto& byte : bytes) {
        state = state * 1664525 + 1013904223;
        byte = static_cast<char>(state >> 24);
    }
    return bytes;
}

mode_t mode_of(const fs::path& path) {
    struct stat status{};
    REQUIRE(::lstat(path.c_str(), &status) == 0);
    return status.st_mode & 07777;
}

std::size_t entries_in(const fs::path& directory) {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(directory), {}));
}

class Descriptor {
 public:
    explicit Descriptor(const fs::path& path, int flags = O_RDONLY)
        : fd_(::open(path.c_str(), flags)) {}
    ~Descriptor() { ::close(fd_); }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    operator int() const { return fd_; }

 private:
    int fd_;
};

}  // namespace

TEST_CASE("a file writer makes a new file and never opens one that is there") {
    TemporaryDirectory dir;
    auto file = FileWriter::create(dir / "new", 0600);
    REQUIRE(file);
    REQUIRE(file->write("hello "));
    REQUIRE(file->write("world"));
    REQUIRE(file->write_at(0, "J"));
    REQUIRE(file->close());
    CHECK(content_of(dir / "new") == "Jello world");
    CHECK(mode_of(dir / "new") == 0600);

    const auto again = FileWriter::create(dir / "new", 0600);
    REQUIRE_FALSE(again);
    CHECK(again.error().code == ErrorCode::exists);
    CHECK(again.error().message == "create " + (dir / "new").string() + ": file exists");
}

TEST_CASE("a file writer does not follow a symbolic link that stands at its place") {
    TemporaryDirectory dir;
    fs::create_symlink(dir / "elsewhere", dir / "new");
    CHECK_FALSE(FileWriter::create(dir / "new", 0600));
    CHECK_FALSE(fs::exists(dir / "elsewhere"));
}

TEST_CASE("a copy has the source's bytes, at any offset and size, behind what was written before") {
    TemporaryDirectory dir;
    const auto source = pattern((17 << 20) + 3);
    write_content(dir / "source", source);
    const Descriptor from(dir / "source");
    const std::size_t size = source.size();
    int n = 0;
    for (const auto& [before, offset, count] :
         {std::tuple<std::size_t, std::size_t, std::size_t>{0, 0, size},
          {0, 0, 1},
          {0, 0, 65536},
          {1, 0, 65537},
          {65536, 65536, 131072 + 5},
          {0, 4097, 100000},
          {3, size - 1, 1},
          {0, size, 0}}) {
        const auto path = dir / ("copy" + std::to_string(n++));
        auto file = FileWriter::create(path, 0600);
        REQUIRE(file);
        REQUIRE(file->write(std::string(before, 'x')));
        std::uint64_t told = 0;
        REQUIRE(file->copy_from(from, offset, count, [&](std::uint64_t more) { told += more; }));
        CHECK(told == count);
        CHECK(file->size() == before + count);
        REQUIRE(file->close());
        CHECK(content_of(path) == std::string(before, 'x') + source.substr(offset, count));
    }
}

TEST_CASE("a copy out of a file that the kernel cannot copy within itself goes by hand") {
    TemporaryDirectory dir;
    auto file = FileWriter::create(dir / "copy", 0600);
    REQUIRE(file);
    const Descriptor zero("/dev/zero");
    REQUIRE(file->copy_from(zero, 1, 3 << 20));
    CHECK(content_of(dir / "copy") == std::string(3 << 20, '\0'));
}

TEST_CASE("a copy says where a source ended that shrank") {
    for (const auto& [size, wanted] :
         {std::pair<std::size_t, std::size_t>{10, 12}, {200'000, 1 << 20}, {65536, 128 << 20}}) {
        TemporaryDirectory dir;
        write_content(dir / "source", std::string(size, 's'));
        const Descriptor from(dir / "source");
        auto file = FileWriter::create(dir / "copy", 0600);
        const auto copied = file->copy_from(from, 0, wanted);
        REQUIRE_FALSE(copied);
        CHECK(copied.error().message ==
              fmt::format("copy to {}: the source ends at byte {}, {} bytes early: it shrank while "
                          "it was copied",
                          (dir / "copy").string(), size, wanted - size));
    }
}

TEST_CASE("a write to a full disk is told in the system's words") {
    auto full = FileWriter::create("/dev/full", 0600);
    REQUIRE_FALSE(full);  // it exists; the writer only makes new files
    TemporaryDirectory dir;
    auto file = FileWriter::create(dir / "file", 0600);
    const Descriptor device("/dev/full", O_WRONLY);
    REQUIRE(::dup2(device, file->fd()) >= 0);
    const auto written = file->write("x");
    REQUIRE_FALSE(written);
    CHECK(written.error().code == ErrorCode::io);
    CHECK(written.error().message ==
          "write " + (dir / "file").string() + ": no space left on device");
}

TEST_CASE("preallocated bytes read as zeros and keep what was written") {
    TemporaryDirectory dir;
    auto file = FileWriter::create(dir / "wal", 0600);
    REQUIRE(file->write("abc"));
    REQUIRE(file->preallocate(1000));
    REQUIRE(file->preallocate(10));  // never shrinks
    REQUIRE(file->close());
    CHECK(content_of(dir / "wal") == "abc" + std::string(997, '\0'));
}

TEST_CASE("a staged folder stands at its place when it is committed, and not before") {
    TemporaryDirectory dir;
    {
        auto staged = StagedDirectory::create(dir / "data");
        REQUIRE(staged);
        write_content(staged->path() / "file", "whole");
        REQUIRE(staged->make_directory("member"));
        CHECK_FALSE(fs::exists(dir / "data"));
        REQUIRE(staged->commit());
        CHECK(mode_of(dir / "data") == 0700);
        CHECK(mode_of(dir / "data/member") == 0700);
    }
    CHECK(content_of(dir / "data/file") == "whole");
    CHECK(entries_in(dir.path()) == 1);
}

TEST_CASE("a staged folder that is not committed leaves nothing") {
    TemporaryDirectory dir;
    {
        auto staged = StagedDirectory::create(dir / "a/b/data/");
        REQUIRE(staged);
        REQUIRE(staged->make_directory("member"));
        write_content(staged->path() / "member/db", "half");
        CHECK(entries_in(dir.path()) == 1);
    }
    CHECK(entries_in(dir.path()) == 0);
}

TEST_CASE("missing parents of a target come with it, in one rename") {
    TemporaryDirectory dir;
    auto staged = StagedDirectory::create(dir / "a/b/data");
    REQUIRE(staged);
    write_content(staged->path() / "file", "x");
    CHECK_FALSE(fs::exists(dir / "a"));
    REQUIRE(staged->commit());
    CHECK(content_of(dir / "a/b/data/file") == "x");
    CHECK(mode_of(dir / "a/b") == 0700);
    CHECK(entries_in(dir.path()) == 1);
}

TEST_CASE("two staged folders below one missing parent are both committed into it") {
    TemporaryDirectory dir;
    std::vector<StagedDirectory> both;
    for (const char* name : {"new/sub/wal", "new/data"}) {
        auto staged = StagedDirectory::create(dir / name);
        REQUIRE(staged);
        write_content(staged->path() / "file", name);
        both.push_back(std::move(*staged));
    }
    REQUIRE(commit_in_order(both));
    both.clear();
    CHECK(content_of(dir / "new/sub/wal/file") == "new/sub/wal");
    CHECK(content_of(dir / "new/data/file") == "new/data");
    CHECK(entries_in(dir.path()) == 1);
    CHECK(entries_in(dir / "new") == 2);
}

TEST_CASE("when one of several folders cannot be committed, none is left") {
    TemporaryDirectory dir;
    {
        std::vector<StagedDirectory> both;
        for (const char* name : {"wal", "data"}) {
            auto staged = StagedDirectory::create(dir / name);
            REQUIRE(staged);
            both.push_back(std::move(*staged));
        }
        fs::create_directory(dir / "data");  // somebody else was faster
        const auto committed = commit_in_order(both);
        REQUIRE_FALSE(committed);
        CHECK(committed.error().code == ErrorCode::exists);
    }
    CHECK(entries_in(dir.path()) == 1);
    CHECK(entries_in(dir / "data") == 0);
}

TEST_CASE("a target that exists is refused, be it only a dangling link") {
    TemporaryDirectory dir;
    fs::create_symlink("nowhere", dir / "link");
    fs::create_directory(dir / "folder");
    for (const char* name : {"link", "folder", "folder/"}) {
        const auto staged = StagedDirectory::create(dir / name);
        REQUIRE_FALSE(staged);
        CHECK(staged.error().code == ErrorCode::exists);
    }
}

TEST_CASE("a target by way of a missing folder and back is refused, for it cannot be made") {
    TemporaryDirectory dir;
    const auto staged = StagedDirectory::create(dir / "missing/../data");
    REQUIRE_FALSE(staged);
    CHECK(staged.error().code == ErrorCode::usage);
    CHECK(entries_in(dir.path()) == 0);
}

TEST_CASE("what a killed run left is removed, what a living one builds is not") {
    TemporaryDirectory dir;
    fs::create_directories(dir / ".salvor-data-deadbeef/member/snap");
    write_content(dir / ".salvor-data-deadbeef/member/snap/db", "half");
    write_content(dir / ".salvor-notes", "a file is nobody's leftover");
    auto living = StagedDirectory::create(dir / "other");
    REQUIRE(living);
    CHECK_FALSE(fs::exists(dir / ".salvor-data-deadbeef"));

    auto staged = StagedDirectory::create(dir / "data");
    REQUIRE(staged);
    CHECK(fs::exists(living->path()));
    CHECK(fs::exists(dir / ".salvor-notes"));
    REQUIRE(living->commit());
}

TEST_CASE("a link that is named like a leftover is not followed") {
    TemporaryDirectory dir;
    fs::create_directory(dir / "precious");
    write_content(dir / "precious/file", "x");
    fs::create_directory_symlink(dir / "precious", dir / ".salvor-data-deadbeef");
    REQUIRE(StagedDirectory::create(dir / "data"));
    CHECK(content_of(dir / "precious/file") == "x");
}

TEST_CASE("an empty folder is filled by staging its content within it, and keeps its own mode") {
    TemporaryDirectory dir;
    fs::create_directory(dir / "mount");
    REQUIRE(::chmod((dir / "mount").c_str(), 0751) == 0);
    fs::create_directory(dir / "mount/lost+found");
    REQUIRE(occupancy(dir / "mount") == Occupancy::empty);
    {
        auto staged = StagedDirectory::create(dir / "mount/member");
        REQUIRE(staged);
        CHECK(occupancy(dir / "mount") == Occupancy::empty);
        REQUIRE(staged->commit());
    }
    CHECK(occupancy(dir / "mount") == Occupancy::occupied);
    CHECK(mode_of(dir / "mount") == 0751);
    CHECK(entries_in(dir / "mount") == 2);
}

TEST_CASE("occupancy tells an absent place, and refuses what is no folder") {
    TemporaryDirectory dir;
    CHECK(occupancy(dir / "absent") == Occupancy::absent);
    write_content(dir / "file", "");
    const auto of_file = occupancy(dir / "file");
    REQUIRE_FALSE(of_file);
    CHECK(of_file.error().code == ErrorCode::not_a_file);
}

TEST_CASE("owner and free space of a missing path are its nearest parent's") {
    TemporaryDirectory dir;
    CHECK(owner_of(dir / "a/b/c") == Owner{::geteuid(), ::getegid()});
    const auto space = free_space(dir / "a/b/c");
    REQUIRE(space);
    CHECK(*space > 0);
}

TEST_CASE("a rename never replaces, not even an empty folder") {
    TemporaryDirectory dir;
    fs::create_directory(dir / "old");
    fs::create_directory(dir / "there");
    const auto renamed = rename_no_replace(dir / "old", dir / "there");
    REQUIRE_FALSE(renamed);
    CHECK(renamed.error().code == ErrorCode::exists);
    REQUIRE(rename_no_replace(dir / "old", dir / "new"));
    CHECK(fs::exists(dir / "new"));
}
