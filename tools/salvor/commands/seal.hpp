#pragma once

#include "tools/salvor/commands.hpp"

namespace salvor::tool::seal {
Run declare(CLI::App& app);
}
