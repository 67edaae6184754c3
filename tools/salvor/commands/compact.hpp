#pragma once

#include "tools/salvor/commands.hpp"

namespace salvor::tool::compact {
Run declare(CLI::App& app);
}
