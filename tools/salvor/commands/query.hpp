#pragma once

#include "tools/salvor/commands.hpp"

namespace salvor::tool::sql {

Run declare(CLI::App& app);

}  // namespace salvor::tool::sql
