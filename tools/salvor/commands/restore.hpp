#pragma once

#include "tools/salvor/commands.hpp"

namespace salvor::tool::restore {
Run declare(CLI::App& app);
}
