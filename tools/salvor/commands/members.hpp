#pragma once

#include "tools/salvor/commands.hpp"

namespace salvor::tool::members {
Run declare(CLI::App& app);
}
