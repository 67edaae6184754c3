#pragma once

#include "core/restore/explain.hpp"

// What is left to do when the directories stand.

namespace salvor::restore {

/// The etcd command line that boots a target, word by word: with a manifest's own addresses and TLS
/// options, else without any of TLS, which the backup does not know.
std::vector<std::string> boot_command(const Plan& plan, const PlannedMember& target,
                                      const Decision& decision);

void say_next_steps(std::vector<Step>& steps, const Plan& plan, const Decision& decision);

}  // namespace salvor::restore
