#pragma once

#include "tools/salvor/commands.hpp"

namespace salvor::tool::get {

Run declare(CLI::App& app);

}  // namespace salvor::tool::get
