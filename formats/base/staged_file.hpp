#pragma once

#include "formats/base/output.hpp"

namespace salvor {

/// A new file being built beside its place, in a folder of its own (output.hpp), 0600. Removed
/// unless commit() was reached.
class StagedFile {
 public:
    /// Errors: exists, not_found (the folder that it is to stand in), io.
    static Result<StagedFile> create(const std::filesystem::path& target);

    FileWriter& writer() { return writer_; }
    /// Where it is until then.
    std::filesystem::path path() const { return writer_.path(); }
    const std::filesystem::path& target() const { return target_; }
    /// Syncs it, unless its writer was closed before to read it back, renames it to its place,
    /// where nothing may stand, and syncs the folder.
    Result<void> commit();

 private:
    StagedFile(std::filesystem::path target, StagedDirectory directory, FileWriter writer)
        : target_(std::move(target)),
          directory_(std::move(directory)),
          writer_(std::move(writer)) {}
    std::filesystem::path target_;
    StagedDirectory directory_;
    FileWriter writer_;
};

}  // namespace salvor
