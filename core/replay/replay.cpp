#include "core/replay/replay.hpp"

#include <algorithm>

namespace salvor::replay {
namespace {

/// How many entries are applied between two words of progress.
constexpr std::uint64_t progress_step = 1024;

Result<void> check_wanted(const Disk& disk, std::int64_t revision, const Wanted& wanted) {
    if (wanted.until_revision && *wanted.until_revision < revision) {
        return fail(ErrorCode::refused,
                    "revision {} is wanted, but the db itself is at {} already: get --rev shows "
                    "that state",
                    *wanted.until_revision, revision);
    }
    if (wanted.until_index && *wanted.until_index < disk.db_index) {
        return fail(ErrorCode::refused,
                    "entry {} is wanted as the last one, but the db has those up to {} already",
                    *wanted.until_index, disk.db_index);
    }
    if (disk.broken && !wanted.until_revision && !wanted.until_index) {
        return fail(ErrorCode::flawed,
                    "the log is broken, and what it had behind entry {} cannot be read: {}; "
                    "--until index:{} replays it up to there",
                    disk.last_index(), *disk.broken, disk.last_index());
    }
    return {};
}

}  // namespace

Result<std::unique_ptr<Replay>> Replay::run(const Snapshot& source, const Wanted& wanted,
                                            const Progress& progress) {
    SALVOR_TRY(auto disk, read_disk(source));
    std::unique_ptr<Replay> replay(new Replay(std::move(disk)));
    SALVOR_TRY(replay->applier_,
               Applier::over(replay->db(), replay->disk_.line, replay->disk_.conf_state));
    SALVOR_CHECK(check_wanted(replay->disk_, replay->applier_->keys().revision(), wanted));
    SALVOR_CHECK(replay->apply_all(wanted, progress));
    SALVOR_CHECK(replay->check_end(wanted));
    return replay;
}

/// Whether an entry is to be applied: it is within what is wanted, and it is proven or need not be.
Result<bool> Replay::goes_on(const wal::Entry& entry, const Wanted& wanted) {
    if (wanted.until_index && entry.index > *wanted.until_index) return false;
    if (wanted.until_revision && applier_->keys().revision() >= *wanted.until_revision) {
        return false;
    }
    const bool proven =
        entry.index <= disk_.committed || applier_->membership().is_lone_voter(disk_.member);
    if (proven) return true;
    if (wanted.include_uncommitted) ++outcome_.unproven;
    return wanted.include_uncommitted;
}

Result<void> Replay::apply_all(const Wanted& wanted, const Progress& progress) {
    auto& said = outcome_;
    said.member = disk_.member;
    said.cluster = disk_.log.cluster;
    said.line = disk_.line;
    said.index_before = said.index = disk_.db_index;
    said.revision_before = applier_->keys().revision();
    said.committed = disk_.committed;
    said.log_end = disk_.last_index();
    said.log_end_term = disk_.last_term();
    said.remarks = disk_.remarks;
    const auto& entries = disk_.log.entries;
    const auto all = said.log_end - said.index_before;
    for (auto index = said.index_before + 1; index <= entries.last_index(); ++index) {
        const auto entry = entries[index - entries.first_index()];
        SALVOR_TRY(const bool is_applied, goes_on(entry, wanted));
        if (!is_applied) break;
        SALVOR_CHECK(applier_->apply(entry));
        said.index = entry.index;
        said.term = entry.term;
        if (progress && index % progress_step == 0) progress(index - said.index_before, all);
    }
    said.revision = applier_->keys().revision();
    said.beyond = said.log_end - said.index;
    said.lone_voter = applier_->membership().is_lone_voter(disk_.member);
    for (const auto& member : applier_->membership().members()) {
        if (member.id == disk_.member) said.name = member.name;
    }
    said.voters = applier_->membership().voters();
    said.passwords_hashed = applier_->auth().passwords_hashed();
    said.tally = applier_->tally();
    said.remarks.insert(said.remarks.end(), said.tally.remarks.begin(), said.tally.remarks.end());
    return {};
}

Result<void> Replay::check_end(const Wanted& wanted) const {
    const auto cannot = [&](const std::string& what) -> Result<void> {
        return fail(ErrorCode::refused,
                    "{} cannot be reached: this disk proves entry {}, revision {}{}", what,
                    outcome_.index, outcome_.revision,
                    outcome_.beyond > 0 && !wanted.include_uncommitted
                        ? fmt::format("; {} entries beyond may have been rolled back, "
                                      "--include-uncommitted applies them",
                                      outcome_.beyond)
                    : disk_.broken ? "; " + *disk_.broken
                                   : std::string());
    };
    if (wanted.until_revision && outcome_.revision < *wanted.until_revision) {
        return cannot(fmt::format("revision {}", *wanted.until_revision));
    }
    if (wanted.until_index && outcome_.index < *wanted.until_index) {
        return cannot(fmt::format("entry {}", *wanted.until_index));
    }
    return {};
}

}  // namespace salvor::replay
