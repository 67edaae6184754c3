#pragma once

#include "tools/salvor/commands.hpp"

namespace salvor::tool::differences {

Run declare(CLI::App& app);

}  // namespace salvor::tool::differences
