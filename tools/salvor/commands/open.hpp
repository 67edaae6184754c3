#pragma once

#include "tools/salvor/commands.hpp"

namespace salvor::tool::open {
Run declare(CLI::App& app);
}
