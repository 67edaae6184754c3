#pragma once

#include "tools/salvor/commands.hpp"

namespace salvor::tool::carve {
Run declare(CLI::App& app);
}
