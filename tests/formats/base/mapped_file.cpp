#include "formats/base/mapped_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <thread>
#include <vector>

#include "tests/temporary_directory.hpp"

using namespace salvor;
namespace fs = std::filesystem;

namespace {

Error error_of(const fs::path& path) {
    const auto file = MappedFile::open(path);
    REQUIRE_FALSE(file);
    return file.error();
}

std::size_t zeros_in(Bytes bytes) {
    return static_cast<std::size_t>(std::count(bytes.begin(), bytes.end(), '\0'));
}

}  // namespace

TEST_CASE("a mapped file has the file's bytes, which outlive the object while a copy is there") {
    TemporaryDirectory dir;
    write_content(dir / "file", "content");
    std::optional<MappedFile> copy;
    {
        const auto file = MappedFile::open(dir / "file");
        REQUIRE(file);
        copy = *file;
    }
    CHECK(copy->bytes() == "content");
    CHECK(copy->intact());
    struct stat status{};
    REQUIRE(::stat((dir / "file").c_str(), &status) == 0);
    CHECK(copy->inode() == status.st_ino);
    CHECK(copy->device() == status.st_dev);
}

TEST_CASE("an empty file maps to no bytes") {
    TemporaryDirectory dir;
    write_content(dir / "empty", "");
    const auto file = MappedFile::open(dir / "empty");
    REQUIRE(file);
    CHECK(file->bytes().empty());
    CHECK(file->intact());
}

TEST_CASE("what is no file is refused with what it is, and a FIFO is not waited for") {
    TemporaryDirectory dir;
    REQUIRE(::mkfifo((dir / "fifo").c_str(), 0600) == 0);
    CHECK(error_of(dir / "fifo").message ==
          (dir / "fifo").string() +
              " is a FIFO, not a file: save what comes out of it to one first");
    CHECK(error_of(dir.path()).message == dir.path().string() + " is a directory, not a file");
    CHECK(error_of("/dev/null").message == "/dev/null is a device, not a file");
    for (const auto& path : {dir / "fifo", dir.path(), fs::path("/dev/null")}) {
        CHECK(error_of(path).code == ErrorCode::not_a_file);
    }
}

TEST_CASE("a missing file is told in the system's words") {
    TemporaryDirectory dir;
    const auto error = error_of(dir / "none");
    CHECK(error.code == ErrorCode::not_found);
    CHECK(error.message == "open " + (dir / "none").string() + ": no such file or directory");
    write_content(dir / "file", "");
    CHECK(error_of(dir / "file/db").code == ErrorCode::io);
}

TEST_CASE("opening and reading leaves the file's times alone") {
    TemporaryDirectory dir;
    write_content(dir / "file", "content");
    struct stat before{};
    struct stat after{};
    const timespec old[2] = {{1000, 0}, {2000, 0}};
    REQUIRE(::utimensat(AT_FDCWD, (dir / "file").c_str(), old, 0) == 0);
    REQUIRE(::stat((dir / "file").c_str(), &before) == 0);
    CHECK(MappedFile::open(dir / "file")->bytes() == "content");
    REQUIRE(::stat((dir / "file").c_str(), &after) == 0);
    CHECK(before.st_atim.tv_sec == after.st_atim.tv_sec);
    CHECK(before.st_ctim.tv_nsec == after.st_ctim.tv_nsec);
}

TEST_CASE("a file that shrinks while several threads read it reads as zeros, and that is told") {
    TemporaryDirectory dir;
    constexpr std::size_t size = 4 << 20;
    constexpr std::size_t left = 1 << 20;
    write_content(dir / "file", std::string(size, 'x'));
    const auto file = MappedFile::open(dir / "file");
    REQUIRE(file);
    fs::resize_file(dir / "file", left);

    std::vector<std::size_t> zeros(4);
    std::vector<std::thread> readers;
    for (auto& count : zeros) readers.emplace_back([&] { count = zeros_in(file->bytes()); });
    for (auto& reader : readers) reader.join();
    for (const auto count : zeros) CHECK(count == size - left);

    const auto intact = file->intact();
    REQUIRE_FALSE(intact);
    CHECK(intact.error().offset == left);
    CHECK(intact.error().message ==
          (dir / "file").string() +
              ": byte 1048576 could not be read: the file shrank while it was "
              "read, or its disk fails");
    CHECK_FALSE(all_maps_intact());
}

TEST_CASE("a file that shrinks within its last page is told, though nothing faults") {
    TemporaryDirectory dir;
    write_content(dir / "file", std::string(100, 'x'));
    const auto file = MappedFile::open(dir / "file");
    REQUIRE(file);
    CHECK(file->intact());
    fs::resize_file(dir / "file", 60);
    CHECK(zeros_in(file->bytes()) == 40);
    const auto intact = file->intact();
    REQUIRE_FALSE(intact);
    CHECK(intact.error().offset == 60);
}

TEST_CASE("a file that grows is read as it was when it was opened") {
    TemporaryDirectory dir;
    write_content(dir / "file", "content");
    const auto file = MappedFile::open(dir / "file");
    REQUIRE(file);
    std::ofstream(dir / "file", std::ios::app) << "more";
    CHECK(file->bytes() == "content");
    CHECK(file->intact());
}
