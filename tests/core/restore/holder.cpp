#include "core/restore/holder.hpp"

#include <signal.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fcntl.h>
#include <catch2/catch.hpp>

#include "tests/temporary_directory.hpp"

using namespace salvor;

namespace {

enum class Hold { open, flock };

/// Another process that has a file open, or a lock on it as well, while this lives.
class Child {
 public:
    Child(const std::filesystem::path& path, Hold hold) {
        int ready[2];
        REQUIRE(::pipe(ready) == 0);
        pid_ = ::fork();
        if (pid_ == 0) {
            const int fd = ::open(path.c_str(), O_RDWR);
            const bool held = fd >= 0 && (hold == Hold::open || ::flock(fd, LOCK_EX) == 0);
            if (held && ::write(ready[1], "x", 1) == 1) ::pause();
            ::_exit(1);
        }
        ::close(ready[1]);
        char byte = 0;
        is_ready_ = ::read(ready[0], &byte, 1) == 1;
        ::close(ready[0]);
    }
    ~Child() {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;
    bool is_ready() const { return is_ready_; }
    long pid() const { return pid_; }

 private:
    pid_t pid_ = -1;
    bool is_ready_ = false;
};

}  // namespace

TEST_CASE(
    "whoever has a data directory in use is named: by a lock on its db or WAL, or its db open") {
    TemporaryDirectory dir;
    std::filesystem::create_directories(dir / "d/member/snap");
    std::filesystem::create_directories(dir / "d/member/wal");
    const auto db = dir / "d/member/snap/db", segment = dir / "d/member/wal/0-0.wal";
    for (const auto& path : {db, segment}) write_content(path, "x");
    const auto holder = [&] { return restore::holder_of(dir / "d", dir / "d/member/wal"); };
    CHECK_FALSE(holder());
    for (const auto& [path, hold] :
         {std::pair{db, Hold::flock}, std::pair{segment, Hold::flock}, std::pair{db, Hold::open}}) {
        INFO(path << (hold == Hold::open ? " open" : " locked"));
        const Child child(path, hold);
        REQUIRE(child.is_ready());
        const auto found = holder();
        REQUIRE(found);
        CHECK(found->pid == child.pid());
        CHECK(found->name == "salvor_tests");
    }
    CHECK_FALSE(holder());
}

TEST_CASE("this process itself does not count, nor does a folder that is not there") {
    TemporaryDirectory dir;
    std::filesystem::create_directories(dir / "d/member/snap");
    write_content(dir / "d/member/snap/db", "x");
    const int fd = ::open((dir / "d/member/snap/db").c_str(), O_RDONLY);
    CHECK_FALSE(restore::holder_of(dir / "d", dir / "d/member/wal"));
    ::close(fd);
    CHECK_FALSE(restore::holder_of(dir / "nowhere", dir / "w"));
}

TEST_CASE("a holder is told by name and process, as far as they are known") {
    CHECK(restore::to_string({4711, "etcd"}) == "etcd, process 4711");
    CHECK(restore::to_string({4711, ""}) == "process 4711");
    CHECK(restore::to_string({-1, ""}) == "a process of another container");
    CHECK(restore::to_string({1, "a\x1b"}) == "a\\x1b, process 1");
}
