#include "tools/salvor/key_file.hpp"

#include "formats/base/opened_files.hpp"

namespace salvor::tool {

Result<MappedFile> open_key_file(const std::filesystem::path& path) {
    auto file = MappedFile::open(path);
    forget_opened_file(path);
    return file;
}

}  // namespace salvor::tool
