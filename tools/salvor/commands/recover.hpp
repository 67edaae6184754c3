#pragma once

#include "tools/salvor/commands.hpp"

namespace salvor::tool::recover {
Run declare(CLI::App& app);
}
