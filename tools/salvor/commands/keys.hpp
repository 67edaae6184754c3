#pragma once

#include "tools/salvor/commands.hpp"

namespace salvor::tool::keys {
Run declare(CLI::App& app);
}
