#pragma once

#include "tools/salvor/commands.hpp"

namespace salvor::tool::history {

Run declare(CLI::App& app);

}  // namespace salvor::tool::history
