#pragma once

#include "tools/salvor/commands.hpp"

namespace salvor::tool::events {

Run declare(CLI::App& app);

}  // namespace salvor::tool::events
