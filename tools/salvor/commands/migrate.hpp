#pragma once

#include "tools/salvor/commands.hpp"

namespace salvor::tool::migrate {
Run declare(CLI::App& app);
}
