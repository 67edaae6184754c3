#pragma once

#include "core/restore/explain.hpp"

// What is left to do when the directories stand.

namespace salvor::restore {

/// The etcd command line that boots a target, word by word; TLS options are not known here.
std::vector<std::string> boot_command(const Plan& plan, const PlannedMember& target);

void say_next_steps(std::vector<Step>& steps, const Plan& plan, const Decision& decision);

}  // namespace salvor::restore
