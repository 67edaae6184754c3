#pragma once

#include "tools/salvor/commands.hpp"

namespace salvor::tool::roles {
Run declare(CLI::App& app);
}
