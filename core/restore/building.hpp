#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "core/restore/bootstrap.hpp"
#include "core/restore/restore.hpp"
#include "formats/base/output.hpp"

namespace salvor::restore {

/// What has to be done to have back what was there before; does it, last first, unless dismissed.
class Undo {
 public:
    Undo() = default;
    Undo(const Undo&) = delete;
    Undo& operator=(const Undo&) = delete;
    ~Undo();
    void add(std::function<void()> step) { steps_.push_back(std::move(step)); }
    void dismiss() { steps_.clear(); }
    /// Renames, and back when undone.
    Result<void> rename(const std::filesystem::path& from, const std::filesystem::path& to);

 private:
    std::vector<std::function<void()>> steps_;
};

/// One member's directories, built beside their places and then put there. What was not put there
/// is removed with this object.
class Building {
 public:
    Building(const Snapshot& snapshot, const Plan& plan, const PlannedMember& target);

    /// Writes and syncs every file.
    Result<void> build(const FileWriter::Copied& copied);
    /// Whether the db as it was built would restore. Errors: flawed.
    Result<void> check_db() const;
    /// Renames what is in the way aside, then the log, then the rest into place.
    Result<void> commit(Undo& undo);
    /// As planned, with the size that the db has.
    const std::vector<PlannedFile>& made() const { return made_; }

 private:
    Result<void> build_db(const std::filesystem::path& path, const FileWriter::Copied& copied);
    Result<void> build_wal();
    Result<void> commit_wal(Undo& undo);

    const Snapshot* snapshot_;
    const Plan* plan_;
    const PlannedMember* target_;
    Bootstrap bootstrap_;
    std::optional<StagedDirectory> data_;
    std::optional<StagedDirectory> wal_;  ///< only where the log goes to its place by itself
    bool into_empty_wal_dir_ = false;     ///< then the file is renamed, not its folder
    std::vector<PlannedFile> made_;
};

}  // namespace salvor::restore
