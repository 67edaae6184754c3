#pragma once

#include "tools/salvor/commands.hpp"

namespace salvor::tool::describe_objects {

Run declare(CLI::App& app);

}  // namespace salvor::tool::describe_objects
