#include "formats/base/staged_file.hpp"

namespace salvor {
namespace fs = std::filesystem;

Result<StagedFile> StagedFile::create(const fs::path& target) {
    constexpr mode_t owner_alone = 0600;
    if (!target.has_filename()) {
        return fail(ErrorCode::usage, "{} names no file", target.string());
    }
    const auto folder = target.has_parent_path() ? target.parent_path() : fs::path(".");
    std::error_code error;
    if (!fs::is_directory(folder, error)) {
        return fail(ErrorCode::not_found, "{} is no folder to make {} in", folder.string(),
                    target.filename().string());
    }
    SALVOR_TRY(auto directory, StagedDirectory::create(target));
    SALVOR_TRY(auto writer, FileWriter::create(directory.path() / target.filename(), owner_alone));
    return StagedFile(target, std::move(directory), std::move(writer));
}

Result<void> StagedFile::commit() {
    if (writer_.fd() >= 0) SALVOR_CHECK(writer_.close());
    auto renamed = rename_no_replace(path(), target_);
    std::error_code error;
    // It may have been renamed and only the sync failed: taken back, it goes with its folder.
    if (!renamed && !fs::exists(fs::symlink_status(path(), error))) {
        (void)rename_no_replace(target_, path());
    }
    return renamed;
}

}  // namespace salvor
