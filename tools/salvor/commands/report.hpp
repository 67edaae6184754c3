#pragma once

#include "tools/salvor/commands.hpp"

namespace salvor::tool::page_of_all {
Run declare(CLI::App& app);
}
