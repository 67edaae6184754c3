#pragma once

#include "tools/salvor/commands.hpp"

namespace salvor::tool::wal {
Run declare(CLI::App& app);
}
