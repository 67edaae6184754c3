#pragma once

#include <memory>
#include <string>

#include "formats/kube/at_rest/config.hpp"

namespace CLI {
class App;
}

namespace salvor::tool {

/// `--encryption-config FILE`.
void add_encryption(CLI::App& app, std::string& path);

/// nullptr where no file is named. Errors: those of MappedFile::open; usage where it is none.
Result<std::unique_ptr<kube::at_rest::Config>> read_encryption(const std::string& path);

}  // namespace salvor::tool
