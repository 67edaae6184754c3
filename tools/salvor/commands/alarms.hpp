#pragma once

#include "tools/salvor/commands.hpp"

namespace salvor::tool::alarms {
Run declare(CLI::App& app);
}
