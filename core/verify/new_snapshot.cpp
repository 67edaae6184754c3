#include "core/verify/new_snapshot.hpp"

#include <algorithm>

#include "core/verify/verify.hpp"
#include "formats/base/staged_file.hpp"

namespace salvor::verify {
namespace {

Result<void> check_sound(const Report& report, const std::string& what) {
    if (report.backup == BackupVerdict::sound) return {};
    const auto first = std::ranges::find_if(report.findings, speaks_against_backup);
    return fail(ErrorCode::flawed,
                "{} is not sound, so it was not made: {}: {}; salvor verify of the source says "
                "where that comes from",
                what, first->rule, first->message);
}

}  // namespace

Result<MadeSnapshot> make_snapshot(const std::filesystem::path& to, const std::string& what,
                                   const std::function<Result<void>(FileWriter&)>& write,
                                   Flaws flaws, const JudgeDigest& judge) {
    SALVOR_TRY(auto staged, StagedFile::create(to));
    SALVOR_CHECK(write(staged.writer()));
    SALVOR_TRY(const auto made, Snapshot::open(staged.path()));
    const Digest digest(made.image());
    const auto report = run(made, backup_checks(), digest);
    const auto sum = digest.get();
    if (judge) SALVOR_CHECK(judge(sum));
    if (flaws == Flaws::refused) SALVOR_CHECK(check_sound(report, what));
    SALVOR_CHECK(staged.writer().resize(made.image().size()));
    SALVOR_CHECK(staged.writer().write({reinterpret_cast<const char*>(sum.data()), sum.size()}));
    MadeSnapshot said{staged.writer().size(), report.revision.value_or(0), hex(sum),
                      report.backup == BackupVerdict::sound};
    SALVOR_CHECK(staged.commit());
    return said;
}

}  // namespace salvor::verify
