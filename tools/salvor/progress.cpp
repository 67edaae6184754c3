#include "tools/salvor/progress.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>

#include "formats/text/escape.hpp"

namespace salvor::tool {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto patience = std::chrono::seconds(1);
constexpr auto refresh = std::chrono::milliseconds(200);

std::mutex line_mutex;
bool line_shown = false;
std::atomic<bool> silent{false};

void clear_line_locked() {
    if (line_shown) fmt::print(stderr, "\r\x1b[K");
    line_shown = false;
}

/// The line is rewritten in place, which takes a terminal that can.
bool can_show() {
    const char* terminal = std::getenv("TERM");
    return !silent && ::isatty(STDERR_FILENO) == 1 && terminal &&
           std::string_view(terminal) != "dumb";
}

std::string line_of(const std::string& work, std::uint64_t done, std::uint64_t all,
                    Clock::duration elapsed) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(elapsed).count();
    if (all == 0 || done == 0) return fmt::format("{}: {} s", work, seconds);
    const double part = std::min(1.0, static_cast<double>(done) / static_cast<double>(all));
    const auto left = static_cast<std::int64_t>(static_cast<double>(seconds) * (1 - part) / part);
    return fmt::format("{}: {:.0f} %, {} s, about {} s left", work, part * 100, seconds, left);
}

}  // namespace

void say(std::string_view message) {
    const std::lock_guard lock(line_mutex);
    clear_line_locked();
    fmt::print(stderr, "salvor: {}\n", text::escape_message(message));
}

void silence_progress() {
    silent = true;
}

Progress::Progress(const std::string& work) : work_(text::escape(work)) {
    if (can_show()) shower_ = std::thread([this] { show_until_ended(); });
}

Progress::~Progress() {
    if (!shower_.joinable()) return;
    {
        const std::lock_guard lock(mutex_);
        ended_ = true;
    }
    ended_changed_.notify_one();
    shower_.join();
    const std::lock_guard lock(line_mutex);
    clear_line_locked();
}

void Progress::show_until_ended() {
    const auto start = Clock::now();
    std::unique_lock lock(mutex_);
    auto wait = std::chrono::milliseconds(patience);
    while (!ended_changed_.wait_for(lock, wait, [this] { return ended_; })) {
        wait = refresh;
        const std::lock_guard line_lock(line_mutex);
        clear_line_locked();
        fmt::print(stderr, "salvor: {}",
                   line_of(work_, done_.load(), all_.load(), Clock::now() - start));
        line_shown = true;
    }
}

}  // namespace salvor::tool
