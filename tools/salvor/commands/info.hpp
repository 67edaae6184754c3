#pragma once

#include "tools/salvor/commands.hpp"

namespace salvor::tool::info {
Run declare(CLI::App& app);
}
