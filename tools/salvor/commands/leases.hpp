#pragma once

#include "tools/salvor/commands.hpp"

namespace salvor::tool::leases {
Run declare(CLI::App& app);
}
