#pragma once

#include "tools/salvor/commands.hpp"

namespace salvor::tool::defrag {
Run declare(CLI::App& app);
}
