#pragma once

#include "tools/salvor/commands.hpp"

namespace salvor::tool::users {
Run declare(CLI::App& app);
}
