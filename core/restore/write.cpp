#include <sys/stat.h>

#include <algorithm>
#include <future>
#include <set>

#include "core/restore/building.hpp"
#include "core/restore/restore.hpp"
#include "formats/base/interrupt.hpp"

namespace salvor::restore {
namespace {

/// The one finding that upstream's --skip-hash-check passes over.
constexpr std::string_view trailer_rule = "trailer-mismatch";

/// The first error that the request does not accept.
const Finding* unaccepted(const verify::Report& report, const Request& request) {
    const auto found = std::ranges::find_if(report.findings, [&](const Finding& finding) {
        return verify::speaks_against_backup(finding) &&
               !(finding.rule == trailer_rule ? request.accept_wrong_trailer
                                              : request.accept_flaws);
    });
    return found == report.findings.end() ? nullptr : &*found;
}

/// Neither cut nor changed since it was opened, or what was copied is not what was checked.
Result<void> check_unchanged(const Snapshot& snapshot) {
    SALVOR_CHECK(snapshot.file().intact());
    const auto& path = snapshot.file().path();
    struct stat now{};
    if (::fstat(snapshot.file().fd(), &now) != 0) return fail_errno(errno, "stat", path.string());
    const auto modified = now.st_mtim.tv_sec * 1'000'000'000LL + now.st_mtim.tv_nsec;
    if (static_cast<std::uint64_t>(now.st_size) != snapshot.file().bytes().size() ||
        modified != snapshot.file().modified_ns()) {
        return fail(ErrorCode::in_use,
                    "{} changed while it was read: take a snapshot or a copy of it", path.string());
    }
    return {};
}

/// Of a killed run, wherever it may have been building: beside and in each place, and beside the
/// folder of all members. It may have finished some of them, which are not built again.
Result<void> remove_earlier(const Plan& plan) {
    const auto parent = [](const std::filesystem::path& path) {
        return path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
    };
    std::set<std::filesystem::path> folders;
    for (const auto& target : plan.targets) {
        folders.insert(
            {target.data_dir, parent(target.data_dir), target.wal_dir, parent(target.wal_dir)});
        if (plan.request.one_folder_each) folders.insert(parent(parent(target.data_dir)));
    }
    for (const auto& folder : folders) {
        std::error_code error;
        if (std::filesystem::is_directory(folder, error)) SALVOR_CHECK(remove_leftovers(folder));
    }
    return {};
}

Result<std::vector<Building>> build_all(const Snapshot& snapshot, const Plan& plan,
                                        const Progress& progress) {
    std::vector<Building> buildings;
    SALVOR_CHECK(remove_earlier(plan));
    const auto wanted = std::ranges::count(plan.targets, false, &PlannedMember::done_before);
    const auto all = snapshot.image().size() * static_cast<std::uint64_t>(wanted);
    std::uint64_t done = 0;
    for (const auto& target : plan.targets) {
        if (target.done_before) continue;
        SALVOR_CHECK(
            buildings.emplace_back(snapshot, plan, target).build([&](std::uint64_t copied) {
                done += copied;
                if (progress) progress(done, all);
            }));
    }
    return buildings;
}

}  // namespace

std::optional<Error> refusal(const verify::Report& report, const std::filesystem::path& source,
                             const Request& request) {
    const auto* finding = unaccepted(report, request);
    if (!finding) return {};
    std::size_t errors = 0;
    for (const auto& layer : report.layers) errors += layer.errors;
    return Error{
        ErrorCode::flawed,
        fmt::format(
            "{} is flawed and nothing was built: {}: {}{}; {} accepts it, another backup is better",
            source.string(), finding->rule, finding->message,
            errors > 1 ? fmt::format(" (and {} errors more, see salvor verify)", errors - 1) : "",
            errors == 1 && finding->rule == trailer_rule ? "--skip-hash-check" : "--force"),
        finding->place.offset};
}

Result<Outcome> write(const Snapshot& snapshot, const Plan& plan, const verify::Digest& digest,
                      const Progress& progress, const Fits& fits) {
    // Beside the copy, or after it where no thread is to be had.
    auto verified = std::async(std::launch::async | std::launch::deferred, [&] {
        return verify::run(snapshot, verify::backup_checks(), digest);
    });
    SALVOR_TRY(auto buildings, build_all(snapshot, plan, progress));
    Outcome outcome{verified.get(), {}};
    SALVOR_CHECK(check_not_interrupted());
    if (auto refused = refusal(outcome.report, snapshot.path(), plan.request)) {
        return std::unexpected(*std::move(refused));
    }
    SALVOR_CHECK(check_unchanged(snapshot));
    if (plan.request.filter.any() && !plan.request.accept_flaws) {
        for (const auto& building : buildings) SALVOR_CHECK(building.check_db());
    }
    if (fits && !fits(outcome.report)) return outcome;
    Undo undo;
    for (auto& building : buildings) SALVOR_CHECK(building.commit(undo));
    undo.dismiss();
    for (const auto& building : buildings) {
        outcome.made.insert(outcome.made.end(), building.made().begin(), building.made().end());
    }
    return outcome;
}

}  // namespace salvor::restore
