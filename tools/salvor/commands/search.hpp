#pragma once

#include "tools/salvor/commands.hpp"

namespace salvor::tool::search {
Run declare(CLI::App& app);
}
