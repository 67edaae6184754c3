#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "formats/base/bytes.hpp"

// Which files this process has mapped, for whoever has to give evidence of what was read.

namespace salvor {

struct OpenedFile {
    std::filesystem::path path;
    std::uint64_t size = 0;
    std::int64_t modified_ns = 0;  ///< since 1970
    std::string sha256;            ///< of the bytes when the file was first mapped
};

/// From now on every regular file that is mapped by its path is noted, once; what this process
/// itself is building (`.salvor-*`) is not.
void note_opened_files();
/// As MappedFile does; nothing where files are not noted.
void note_opened_file(const std::filesystem::path& path, Bytes bytes, std::int64_t modified_ns);
/// Of a file whose digest would tell a secret.
void forget_opened_file(const std::filesystem::path& path);
/// In the order in which they were mapped.
std::vector<OpenedFile> opened_files();

}  // namespace salvor
