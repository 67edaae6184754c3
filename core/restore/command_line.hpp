#pragma once

#include "core/restore/wishes.hpp"

// Command lines that a person can copy.

namespace salvor::restore {

/// A word as the shell takes it: quoted where it must be.
std::string shell_word(std::string_view word);
/// "m1, m2, m3", escaped for a terminal.
std::string names_of(const std::vector<Peer>& peers);

/// The refusal where it is not clear what to build: why, and the command line of each thing that
/// can be.
std::unexpected<Error> refuse_to_guess(const Wishes& wishes, const std::vector<Peer>& known,
                                       std::string_view why);

}  // namespace salvor::restore
