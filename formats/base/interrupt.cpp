#include "formats/base/interrupt.hpp"

#include <signal.h>

#include <array>
#include <atomic>

namespace salvor {
namespace {

constexpr std::array interrupts{SIGINT, SIGTERM, SIGHUP};

std::atomic<int> noted{0};
static_assert(std::atomic<int>::is_always_lock_free, "it is set by a signal handler");

void on_interrupt(int signal) {
    noted.store(signal, std::memory_order_relaxed);
}

const char* name(int signal) {
    switch (signal) {
        case SIGINT: return "SIGINT";
        case SIGTERM: return "SIGTERM";
        default: return "SIGHUP";
    }
}

}  // namespace

void note_interrupts() {
    for (const int signal : interrupts) {
        struct sigaction former{};
        ::sigaction(signal, nullptr, &former);
        if (former.sa_handler == SIG_IGN) continue;  // nohup(1), and a shell's background jobs
        struct sigaction action{};
        action.sa_handler = on_interrupt;
        action.sa_flags = static_cast<int>(SA_RESTART | SA_RESETHAND);
        ::sigaction(signal, &action, nullptr);
    }
}

int noted_interrupt() {
    return noted.load(std::memory_order_relaxed);
}

Result<void> check_not_interrupted() {
    const int signal = noted_interrupt();
    if (signal == 0) return {};
    return fail(ErrorCode::interrupted,
                "interrupted by {}: nothing was made, and what was begun is removed", name(signal));
}

void die_if_interrupted() {
    const int signal = noted_interrupt();
    if (signal == 0) return;
    ::signal(signal, SIG_DFL);
    ::raise(signal);
}

}  // namespace salvor
