#pragma once

#include "tools/salvor/commands.hpp"

namespace salvor::tool::top {
Run declare(CLI::App& app);
}
