#include "core/restore/building.hpp"

#include <algorithm>

#include "core/restore/holder.hpp"
#include "core/restore/site.hpp"
#include "formats/base/interrupt.hpp"
#include "formats/bbolt/contents.hpp"
#include "formats/wal/writer.hpp"

namespace salvor::restore {
namespace fs = std::filesystem;
namespace {

constexpr mode_t file_mode = 0600;

Result<void> write_file(const fs::path& path, Bytes bytes, std::uint64_t allocate,
                        const std::optional<Owner>& owner) {
    SALVOR_TRY(auto file, FileWriter::create(path, file_mode));
    SALVOR_CHECK(file.write(bytes));
    SALVOR_CHECK(file.preallocate(allocate));
    if (owner) SALVOR_CHECK(file.set_owner(*owner));
    return file.close();
}

/// Makes `folder` within, and those above it that are not there yet.
Result<void> make_folders(const StagedDirectory& staged, const fs::path& folder) {
    fs::path made;
    for (const auto& name : folder) {
        made /= name;
        std::error_code error;
        if (!fs::exists(staged.path() / made, error)) SALVOR_CHECK(staged.make_directory(made));
    }
    return {};
}

}  // namespace

Undo::~Undo() {
    for (auto step = steps_.rbegin(); step != steps_.rend(); ++step) (*step)();
}

Result<void> Undo::rename(const fs::path& from, const fs::path& to) {
    SALVOR_CHECK(check_not_interrupted());
    auto renamed = rename_no_replace(from, to);
    std::error_code error;
    // The rename may have been done and only its sync failed.
    if (renamed || !fs::exists(fs::symlink_status(from, error))) {
        add([from, to] { (void)rename_no_replace(to, from); });
    }
    return renamed;
}

Building::Building(const Snapshot& snapshot, const Plan& plan, const PlannedMember& target)
    : snapshot_(&snapshot),
      plan_(&plan),
      target_(&target),
      bootstrap_(bootstrap(plan, target.member.id)),
      made_(target.files) {}

Result<void> Building::build(const FileWriter::Copied& copied) {
    SALVOR_TRY(data_, StagedDirectory::create(target_->build_at, target_->owner,
                                              StagedDirectory::InTheWay::moved_later));
    const auto snap = (target_->data_dir / "member/snap").lexically_relative(target_->build_at);
    SALVOR_CHECK(make_folders(*data_, snap));
    SALVOR_CHECK(build_wal());
    SALVOR_CHECK(write_file(data_->path() / snap / bootstrap_.snap_name, bootstrap_.snap, 0,
                            target_->owner));
    return build_db(data_->path() / snap / "db", copied);
}

Result<void> Building::build_wal() {
    if (const auto within = path_within(target_->wal_dir, target_->build_at)) {
        SALVOR_CHECK(make_folders(*data_, *within));
        return write_file(data_->path() / *within / bootstrap_.wal_name, bootstrap_.wal,
                          wal::segment_size, target_->owner);
    }
    if (target_->wal_done_before) return {};
    SALVOR_TRY(const auto there, occupancy(target_->wal_dir));
    into_empty_wal_dir_ = there == Occupancy::empty;
    const auto staged_for =
        into_empty_wal_dir_ ? target_->wal_dir / bootstrap_.wal_name : target_->wal_dir;
    SALVOR_TRY(wal_, StagedDirectory::create(staged_for, target_->wal_owner,
                                             StagedDirectory::InTheWay::moved_later));
    return write_file(wal_->path() / bootstrap_.wal_name, bootstrap_.wal, wal::segment_size,
                      target_->wal_owner);
}

Result<void> Building::build_db(const fs::path& path, const FileWriter::Copied& copied) {
    SALVOR_TRY(auto file, FileWriter::create(path, file_mode));
    if (plan_->edit) {
        const auto& edit = *plan_->edit;
        const auto size = std::min<std::uint64_t>(snapshot_->image().size(), edit.file_size);
        SALVOR_CHECK(file.copy_from(snapshot_->file().fd(), 0, size, copied));
        SALVOR_CHECK(file.resize(edit.file_size));
        const std::uint64_t page_size = snapshot_->database()->page_size();
        for (const auto* pages : {&edit.pages, &edit.metas}) {
            for (const auto& page : *pages) {
                SALVOR_CHECK(file.write_at(number(page.id) * page_size, page.bytes));
            }
        }
    } else {
        SALVOR_CHECK(write_dense(*snapshot_->database(), plan_->change, file));
        copied(snapshot_->image().size());
    }
    made_.front() = {made_.front().path, file.size(), false};
    if (target_->owner) SALVOR_CHECK(file.set_owner(*target_->owner));
    return file.close();
}

Result<void> Building::check_db() const {
    const auto snap = (target_->data_dir / "member/snap").lexically_relative(target_->build_at);
    SALVOR_TRY(const auto made, Snapshot::open(data_->path() / snap / "db"));
    const verify::Digest digest(made.image());
    const auto report = verify::run(made, verify::backup_checks(), digest);
    const auto first = std::ranges::find_if(report.findings, verify::speaks_against_backup);
    if (first == report.findings.end()) return {};
    return fail(ErrorCode::flawed, "what was left would not be sound, so it was not made: {}: {}",
                first->rule, first->message);
}

Result<void> Building::commit(Undo& undo) {
    for (const auto& move : target_->moves) {
        if (const auto holder = holder_of(target_->data_dir, target_->wal_dir)) {
            return fail(ErrorCode::in_use, "{} is in use by {}, which started meanwhile",
                        target_->data_dir.string(), to_string(*holder));
        }
        SALVOR_CHECK(undo.rename(move.from, move.to));
    }
    SALVOR_CHECK(commit_wal(undo));
    SALVOR_CHECK(data_->commit());
    undo.add([this] { (void)data_->withdraw(); });
    return {};
}

Result<void> Building::commit_wal(Undo& undo) {
    if (!wal_) return {};
    if (into_empty_wal_dir_) {
        SALVOR_CHECK(undo.rename(wal_->path() / bootstrap_.wal_name,
                                 target_->wal_dir / bootstrap_.wal_name));
        return {};
    }
    SALVOR_CHECK(wal_->commit());
    undo.add([this] { (void)wal_->withdraw(); });
    return {};
}

}  // namespace salvor::restore
