#pragma once

#include "tools/salvor/commands.hpp"

namespace salvor::tool::manifests {

Run declare(CLI::App& app);

}  // namespace salvor::tool::manifests
