#include "formats/base/lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "tests/temporary_directory.hpp"

using namespace salvor;

namespace {

constexpr std::string_view locks =
    "1: POSIX  ADVISORY  WRITE 999999901 08:01:1310780 1073741826 1073742335\n"
    "2: FLOCK  ADVISORY  WRITE 999999902 fd:00:67 0 EOF\n"
    "2: -> FLOCK  ADVISORY  WRITE 999999903 fd:00:68 0 EOF\n"
    "3: OFDLCK ADVISORY  READ -1 00:1f:67 0 EOF\n"
    "4: FLOCK  ADVISORY  WRITE 999999904 103:02:9223372036854775809 0 EOF\n";

std::optional<long> holder(unsigned major_number, unsigned minor_number, std::uint64_t inode) {
    const auto found = lock_holder(makedev(major_number, minor_number), inode, locks);
    return found ? std::optional(found->pid) : std::nullopt;
}

}  // namespace

TEST_CASE("the holder of a lock is found by device and inode") {
    CHECK(holder(0x08, 0x01, 1310780) == 999999901);
    CHECK(holder(0xfd, 0x00, 67) == 999999902);
    CHECK(holder(0x00, 0x1f, 67) == -1);  // of another pid namespace
    CHECK(holder(0x103, 0x02, 9223372036854775809U) == 999999904);
}

TEST_CASE("a lock of another file, or one that is only waited for, is no holder") {
    CHECK_FALSE(holder(0xfd, 0x01, 67));
    CHECK_FALSE(holder(0xfd, 0x00, 6));
    CHECK_FALSE(holder(0xfd, 0x00, 68));
    CHECK_FALSE(lock_holder(makedev(8, 1), 1, ""));
    CHECK_FALSE(lock_holder(makedev(8, 1), 1, "1: FLOCK\n\n junk"));
}

TEST_CASE("a flock that this process holds is seen, with its name, and is not disturbed") {
    TemporaryDirectory dir;
    write_content(dir / "db", "x");
    const auto file = MappedFile::open(dir / "db");
    REQUIRE(file);
    CHECK_FALSE(lock_holder(*file));
    const int fd = ::open((dir / "db").c_str(), O_RDWR);
    REQUIRE(::flock(fd, LOCK_EX) == 0);
    const auto found = lock_holder(*file);
    REQUIRE(found);
    CHECK(found->pid == ::getpid());
    CHECK(found->name == "salvor_tests");
    ::close(fd);
    CHECK_FALSE(lock_holder(*file));
}
