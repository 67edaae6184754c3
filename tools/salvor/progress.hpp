#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

// Talk on stderr: sentences, and one line that shows how far long work has come.

namespace salvor::tool {

/// `salvor: MESSAGE` and a line feed. The message is made harmless for the terminal; a progress
/// line gives way.
void say(std::string_view message);

/// --quiet: no progress from now on. Sentences are said all the same.
void silence_progress();

/// While it lives, and once the work has lasted a second, one line on stderr tells how far it has
/// come. Nothing where stderr is no terminal (or a dumb one) or with --quiet. Call it from any
/// thread, as often as you like:
///
///     Progress progress("restoring backup.db");
///     SALVOR_CHECK(restore::write(snapshot, plan, digest, std::ref(progress)));
class Progress {
 public:
    explicit Progress(const std::string& work);
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;
    ~Progress();
    /// `all` 0: not known; then only the time is shown.
    void operator()(std::uint64_t done, std::uint64_t all) {
        all_.store(all, std::memory_order_relaxed);
        done_.store(done, std::memory_order_relaxed);
    }

 private:
    void show_until_ended();
    std::string work_;
    std::atomic<std::uint64_t> done_{0}, all_{0};
    std::mutex mutex_;
    std::condition_variable ended_changed_;
    bool ended_ = false;
    std::thread shower_;
};

}  // namespace salvor::tool
