#pragma once

#include "tools/salvor/commands.hpp"

namespace salvor::tool::completion {
Run declare(CLI::App& app);
}
