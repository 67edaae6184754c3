#include <algorithm>
#include <map>
#include <set>

#include "core/restore/bootstrap.hpp"
#include "core/restore/change.hpp"
#include "core/restore/restore.hpp"
#include "core/restore/site.hpp"
#include "formats/bbolt/contents.hpp"
#include "formats/text/escape.hpp"
#include "formats/wal/writer.hpp"

namespace salvor::restore {
namespace fs = std::filesystem;
namespace {

Result<void> check_fits(const Request& request) {
    if (request.names.empty()) return fail(ErrorCode::usage, "no member is to be built");
    if (request.data_dir.empty())
        return fail(ErrorCode::usage, "--data-dir is missing: it is the directory to make");
    if (request.one_folder_each && request.wal_dir) {
        return fail(ErrorCode::usage, "--wal-dir can hold the log of one member, not of all");
    }
    if (!request.one_folder_each && request.names.size() > 1) {
        return fail(ErrorCode::usage, "one data directory can hold one member, not {}",
                    request.names.size());
    }
    return {};
}

/// Ids from URLs and token, ascending. Source: etcd server/etcdserver/api/membership/member.go
/// NewMember
Result<std::vector<etcd::Member>> new_members(const Request& request) {
    std::vector<etcd::Member> members;
    std::set<etcd::MemberId> ids;
    for (const auto& peer : request.initial_cluster) {
        auto urls = peer.peer_urls;
        std::ranges::sort(urls);
        const auto id = etcd::member_id(urls, request.token);
        if (urls.empty() || !ids.insert(id).second) {
            return fail(ErrorCode::usage, "member {} has {}", text::escape(peer.name),
                        urls.empty() ? "no peer URL" : "the peer URLs of another");
        }
        members.push_back({id, std::move(urls), false, peer.name, {}});
    }
    std::ranges::sort(members, {}, [](const auto& member) { return number(member.id); });
    return members;
}

Result<etcd::Member> member_named(const std::vector<etcd::Member>& members,
                                  const std::string& name) {
    const auto found = std::ranges::find(members, name, &etcd::Member::name);
    if (found != members.end()) return *found;
    return fail(ErrorCode::usage, "member {} is not in the initial cluster", text::escape(name));
}

Bytes from_start(const MappedFile& file, std::size_t size) {
    return file.bytes().substr(0, size);
}

bool is_zero(Bytes bytes) {
    return bytes.find_first_not_of('\0') == Bytes::npos;
}

bool holds(const fs::path& path, Bytes wanted) {
    const auto file = MappedFile::open(path);
    return file && file->bytes().size() >= wanted.size() &&
           from_start(*file, wanted.size()) == wanted &&
           is_zero(file->bytes().substr(wanted.size()));
}

/// Whether `db` is `image` with the edit carried out, byte for byte.
bool is_edited(Bytes db, Bytes image, const bbolt::Edit& edit) {
    if (db.size() != edit.file_size) return false;
    std::map<std::uint64_t, Bytes> written;
    const auto page_size = edit.metas.front().bytes.size();
    for (const auto* pages : {&edit.pages, &edit.metas}) {
        for (const auto& page : *pages) written[number(page.id) * page_size] = page.bytes;
    }
    written.emplace(db.size(), Bytes());
    std::uint64_t at = 0;
    for (const auto& [offset, bytes] : written) {
        const auto between = db.substr(at, offset - at);
        const auto kept = image.substr(std::min<std::uint64_t>(at, image.size()), between.size());
        if (!between.starts_with(kept) || !is_zero(between.substr(kept.size())) ||
            db.substr(offset, bytes.size()) != bytes) {
            return false;
        }
        at = offset + bytes.size();
    }
    return true;
}

/// What killed runs left, and a file system's own folder, do not count.
std::size_t files_in(const fs::path& folder) {
    std::size_t files = 0;
    std::error_code error;
    for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
        const auto name = at->path().filename().string();
        files += name != "lost+found" && !name.starts_with(staged_prefix) ? 1 : 0;
    }
    return files;
}

/// Whether what stands there is what this plan would build, and no server has started on it.
class Standings {
 public:
    Standings(const Snapshot& snapshot, const Plan& plan) : snapshot_(snapshot), plan_(plan) {}

    Result<bool> whole(const PlannedMember& target) const {
        const auto made = contents(target);
        const auto snap_dir = target.data_dir / "member/snap";
        if (!wal_alone(target) || files_in(snap_dir) != 2 ||
            !holds(snap_dir / made.snap_name, made.snap)) {
            return false;
        }
        const auto file = MappedFile::open(snap_dir / "db");
        if (!file) return false;
        if (plan_.edit) return is_edited(file->bytes(), snapshot_.image(), *plan_.edit);
        const auto db = bbolt::Database::open(file->bytes());
        if (!db) return false;
        return holds_changed(*db, *snapshot_.database(), plan_.change);
    }

    bool wal_alone(const PlannedMember& target) const {
        const auto made = contents(target);
        return files_in(target.wal_dir) == 1 && holds(target.wal_dir / made.wal_name, made.wal);
    }

 private:
    Bootstrap contents(const PlannedMember& target) const {
        return bootstrap(plan_, target.member.id);
    }
    const Snapshot& snapshot_;
    const Plan& plan_;
};

void list_files(PlannedMember& target, const Plan& plan, std::uint64_t db_size) {
    const auto made = bootstrap(plan, target.member.id);
    const auto snap_dir = target.data_dir / "member/snap";
    target.files = {{snap_dir / "db", db_size, plan.request.compact},
                    {snap_dir / made.snap_name, made.snap.size(), false},
                    {target.wal_dir / made.wal_name, wal::segment_size, false}};
}

/// The copy of the db, which stands first, may share its blocks with the backup.
void count_bytes(Plan& plan, const PlannedMember& target) {
    for (const auto& file : target.files) {
        const bool is_copy = &file == &target.files.front() && !plan.request.compact;
        plan.bytes_needed += file.size;
        if (!is_copy) plan.bytes_not_shared += file.size;
    }
}

Result<void> place(Plan& plan, const Snapshot& snapshot, std::uint64_t db_size) {
    const Standings standings(snapshot, plan);
    const Standing standing{[&](const PlannedMember& t) { return standings.whole(t); },
                            [&](const PlannedMember& t) { return standings.wal_alone(t); }};
    const auto& request = plan.request;
    for (const auto& name : request.names) {
        PlannedMember target;
        SALVOR_TRY(target.member, member_named(plan.members, name));
        target.data_dir = request.one_folder_each ? request.data_dir / name : request.data_dir;
        SALVOR_CHECK(choose_site(target, request, standing));
        list_files(target, plan, db_size);
        if (!target.done_before) count_bytes(plan, target);
        plan.targets.push_back(std::move(target));
    }
    SALVOR_TRY(plan.bytes_free, free_space(plan.targets.front().data_dir));
    return {};
}

}  // namespace

Result<Plan> plan(const Snapshot& snapshot, const Request& request) {
    SALVOR_CHECK(check_fits(request));
    Plan plan{.request = request,
              .source = {},
              .members = {},
              .targets = {},
              .filtered = {},
              .change = {},
              .edit = {}};
    SALVOR_TRY(plan.source, read_source(snapshot));
    SALVOR_TRY(plan.members, new_members(request));
    std::vector<etcd::MemberId> ids;
    for (const auto& member : plan.members) ids.push_back(member.id);
    plan.cluster_id = etcd::cluster_id(ids);
    SALVOR_TRY(plan.change, change(plan.source, request, plan.members));
    plan.revision_after = std::max<std::int64_t>(
        plan.source.revision + static_cast<std::int64_t>(request.bump_revision), 1);
    if (request.filter.any()) {
        plan.request.compact = true;
        SALVOR_TRY(plan.filtered,
                   apply(*snapshot.database(), request.filter, plan.source.revision, plan.change));
    }
    auto db_size = snapshot.database()->logical_size();
    if (!plan.request.compact) {
        SALVOR_TRY(plan.edit, bbolt::plan_edit(*snapshot.database(), plan.change));
        db_size = plan.edit->file_size;
    }
    SALVOR_CHECK(place(plan, snapshot, db_size));
    return plan;
}

}  // namespace salvor::restore
