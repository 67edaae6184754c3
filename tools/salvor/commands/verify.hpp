#pragma once

#include "tools/salvor/commands.hpp"

namespace salvor::tool::verify {
Run declare(CLI::App& app);
}
