#pragma once

#include "formats/base/result.hpp"

// Work that leaves something to clear away when it is cut short asks here, between its steps,
// whether it is to end.

namespace salvor {

/// From now on SIGINT, SIGTERM and SIGHUP (those that are not ignored) are only noted, so that what
/// is half-made can be removed. The same signal a second time ends the process at once.
void note_interrupts();
/// The signal that was noted; 0: none.
int noted_interrupt();
/// Error: interrupted, once a signal was noted.
Result<void> check_not_interrupted();
/// Ends the process by the signal that was noted, as who sent it expects; returns where none was.
void die_if_interrupted();

}  // namespace salvor
