#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "core/seal/manifest.hpp"

namespace salvor::seal {

/// Reads a sealed file from the disk, and not out of the kernel's memory, and opens it to the end.
/// Errors: io; refused (what lies there is not what was written, or does not open to what went in).
Result<void> read_back(const std::filesystem::path& path, const std::string& file_key,
                       const Bytes256& written, const Manifest& manifest,
                       const std::function<void(std::uint64_t, std::uint64_t)>& progress);

}  // namespace salvor::seal
