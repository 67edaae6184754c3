#pragma once

#include "tools/salvor/commands.hpp"

namespace salvor::tool::page {
Run declare(CLI::App& app);
}
