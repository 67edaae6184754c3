#pragma once

#include "tools/salvor/commands.hpp"

namespace salvor::tool::audit {
Run declare(CLI::App& app);
}
