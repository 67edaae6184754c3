#include "core/compare/contender.hpp"

#include <sys/stat.h>

#include <algorithm>

#include "core/verify/verify.hpp"
#include "formats/base/staged_file.hpp"

namespace salvor::compare {
namespace {

/// When the log was last written to: the state is as old as that, not as the file it is put into.
std::int64_t modified_ns(const Snapshot& source) {
    auto newest = source.file().modified_ns();
    for (const auto& path : source.data_directory()->wal_files) {
        if (const auto file = MappedFile::open(path))
            newest = std::max(newest, file->modified_ns());
    }
    return newest;
}

/// Written, opened, and without a name from then on.
Result<Snapshot> written(const replay::Replay& replayed, const Snapshot& source,
                         const std::filesystem::path& temporary) {
    constexpr std::int64_t second = 1'000'000'000;
    SALVOR_TRY(auto staged, StagedFile::create(temporary / "replayed"));
    SALVOR_CHECK(replayed.write(staged.writer()));
    const auto ns = modified_ns(source);
    const timespec time{ns / second, ns % second};
    const timespec both[] = {time, time};
    ::futimens(staged.writer().fd(), both);
    return Snapshot::open(staged.path());
}

Result<void> take_log(Contender& contender, const std::filesystem::path& temporary) {
    SALVOR_TRY(const auto replayed, replay::Replay::run(*contender.snapshot, {}));
    const auto& said = replayed->outcome();
    // A db that a leader sent may be newer, too, than the one in its place.
    const bool is_newer = &replayed->db() != &*contender.snapshot->database();
    if (is_newer || said.index > said.index_before) {
        SALVOR_TRY(auto state, written(*replayed, *contender.snapshot, temporary));
        contender.state = std::make_shared<Snapshot>(std::move(state));
    }
    contender.replay = said;
    return {};
}

/// A data directory's db that was taken out of an archive: its log is there too, and not read.
std::optional<std::string> log_left_packed(const Snapshot& snapshot) {
    constexpr std::string_view place = "member/snap/db";
    for (const auto& layer : snapshot.layers()) {
        if (!layer.entry.ends_with(place)) continue;
        return "it was taken out of an archive, and the log that lies there with it was not read: "
               "unpack the data directory and name that";
    }
    return {};
}

}  // namespace

bool Contender::is_sound() const {
    return verified.report && verified.report->backup == verify::BackupVerdict::sound && info;
}

std::uint64_t Contender::last_index() const {
    if (replay) return replay->log_end;
    return info ? info->consistent_index.value_or(0) : 0;
}

std::uint64_t Contender::last_term() const {
    if (replay) return replay->log_end_term;
    return info ? info->term.value_or(0) : 0;
}

Contender look(std::string source, Snapshot snapshot, const std::filesystem::path& temporary) {
    Contender contender;
    contender.source = contender.verified.source = std::move(source);
    contender.snapshot = std::make_shared<Snapshot>(std::move(snapshot));
    contender.state = contender.snapshot;
    contender.verified.report = verify::run(*contender.snapshot, verify::backup_checks());
    const auto& directory = contender.snapshot->data_directory();
    if (directory && contender.snapshot->database()) {
        const auto taken = take_log(contender, temporary);
        if (!taken) contender.log_unusable = taken.error().message;
    } else {
        contender.log_unusable = log_left_packed(*contender.snapshot);
    }
    if (auto info = info::gather(*contender.state, nullptr, info::Digest::not_wanted)) {
        contender.info = *std::move(info);
    } else {
        contender.verified.error = std::move(info).error();
    }
    return contender;
}

}  // namespace salvor::compare
