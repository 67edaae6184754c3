#include "core/replay/snapshot_file.hpp"

#include <algorithm>

#include "core/verify/verify.hpp"
#include "formats/base/staged_file.hpp"

namespace salvor::replay {
namespace {

/// Of the backup alone, and of Kubernetes' values only whether each decodes.
Result<void> check_sound(const Snapshot& made, const verify::Digest& digest,
                         const std::filesystem::path& to) {
    verify::Options options;
    options.objects = verify::Options::Objects::values;
    const auto report = verify::run(made, options, digest);
    if (report.backup == verify::BackupVerdict::sound) return {};
    const auto first = std::ranges::find_if(report.findings, [](const Finding& finding) {
        return finding.severity == Severity::error && finding.about == Subject::backup;
    });
    return fail(ErrorCode::flawed,
                "what was replayed is not sound, so {} was not made: {}: {}; salvor verify of the "
                "source says where it comes from",
                to.string(), first->rule, first->message);
}

}  // namespace

Result<MadeSnapshot> make_snapshot(const Replay& replay, const std::filesystem::path& to) {
    SALVOR_TRY(auto staged, StagedFile::create(to));
    SALVOR_CHECK(replay.write(staged.writer()));
    SALVOR_TRY(const auto made, Snapshot::open(staged.path()));
    const verify::Digest digest(made.image());
    SALVOR_CHECK(check_sound(made, digest, to));
    const auto sum = digest.get();
    SALVOR_CHECK(staged.writer().resize(made.image().size()));
    SALVOR_CHECK(staged.writer().write({reinterpret_cast<const char*>(sum.data()), sum.size()}));
    MadeSnapshot said{staged.writer().size(), hex(sum)};
    SALVOR_CHECK(staged.commit());
    return said;
}

}  // namespace salvor::replay
