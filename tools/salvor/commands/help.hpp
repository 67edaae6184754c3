#pragma once

#include "tools/salvor/commands.hpp"

namespace salvor::tool::help {
Run declare(CLI::App& app);
}
