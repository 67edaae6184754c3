#pragma once

#include "formats/base/mapped_file.hpp"

namespace salvor::tool {

/// As MappedFile::open(), of a file whose digest --evidence must not tell, whatever becomes of it.
Result<MappedFile> open_key_file(const std::filesystem::path& path);

}  // namespace salvor::tool
