#pragma once

#include "tools/salvor/commands.hpp"

namespace salvor::tool::replay {
Run declare(CLI::App& app);
}
