#pragma once

#include "tools/salvor/commands.hpp"

namespace salvor::tool::compare {
Run declare(CLI::App& app);
}
