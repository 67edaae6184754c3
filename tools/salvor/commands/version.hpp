#pragma once

#include "tools/salvor/commands.hpp"

namespace salvor::tool::version {
Run declare(CLI::App& app);
}
