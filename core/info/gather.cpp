#include <algorithm>
#include <future>

#include "core/info/census.hpp"
#include "core/info/info.hpp"
#include "core/info/provenance.hpp"
#include "formats/base/checksum.hpp"
#include "formats/bbolt/check.hpp"
#include "formats/etcd/buckets.hpp"
#include "formats/wal/reader.hpp"

namespace salvor::info {
namespace {

class Gatherer {
 public:
    Gatherer(const Snapshot& snapshot, const bbolt::Database& db, timeline::KeyTable table,
             const kube::at_rest::Config* encryption)
        : snapshot_(&snapshot), db_(&db), census_(db, std::move(table), encryption) {}

    Result<Info> run(Digest wanted) {
        // Beside the rest, or after it where no thread is to be had.
        std::future<Sha256Digest> digest;
        if (wanted == Digest::wanted)
            digest = std::async(std::launch::async | std::launch::deferred,
                                [image = snapshot_->image()] { return sha256(image); });
        describe_file();
        SALVOR_CHECK(read_database());
        if (const auto& dir = snapshot_->data_directory()) read_directory(*dir);
        deduce();
        if (digest.valid()) describe_digest(digest.get());
        return std::move(info_);
    }

 private:
    void describe_file();
    void describe_digest(const Sha256Digest& digest);
    Result<void> read_database();
    void take_leaf(const bbolt::CheckedLeaf& leaf);
    void take_structure(const bbolt::Structure& structure);
    void read_directory(const DataDirectory& dir);
    void deduce();
    void take_problem(const Problem& problem);
    void note_bucket(Bytes bucket);
    void take_log(const wal::Log& log);
    void unread_file(const std::string& file, const std::string& what);
    void unread(Bytes bucket, const std::string& what) {
        note_bucket(bucket);
        info_.unread.add(what);
    }

    const Snapshot* snapshot_;
    const bbolt::Database* db_;
    Census census_;
    Info info_;
};

void Gatherer::describe_file() {
    constexpr std::int64_t second = 1'000'000'000;
    info_.source = snapshot_->path().string();
    info_.kind = snapshot_->data_directory() ? SourceKind::data_directory
                 : snapshot_->trailer()      ? SourceKind::snapshot
                                             : SourceKind::database;
    info_.layers = snapshot_->layers();
    info_.modified = snapshot_->file().modified_ns() / second;
    info_.lock_holder = snapshot_->lock_holder();
    info_.space.file = snapshot_->file().bytes().size();
    info_.page_size = db_->page_size();
    info_.pages = number(db_->meta().high_water);
    info_.transaction = number(db_->meta().txid);
    info_.stores_freelist = db_->stores_freelist();
    const auto& other = db_->metas()[static_cast<std::size_t>(1 - db_->chosen_meta())];
    if (!other.valid())
        info_.meta_flaw = other.readable ? other.flaw : "it lies beyond the file's end";
}

void Gatherer::describe_digest(const Sha256Digest& digest) {
    info_.sha256 = hex(digest);
    if (!snapshot_->trailer()) return;
    info_.stored_sha256 = hex(*snapshot_->trailer());
    info_.trailer =
        *info_.stored_sha256 == info_.sha256 ? TrailerState::right : TrailerState::wrong;
}

Result<void> Gatherer::read_database() {
    const auto structure = bbolt::check(
        *db_, [this](const Problem& problem) { take_problem(problem); },
        [this](const bbolt::CheckedLeaf& leaf) { take_leaf(leaf); });
    const bool has_keys =
        std::any_of(structure.buckets.begin(), structure.buckets.end(),
                    [](const auto& bucket) { return bucket.name == etcd::buckets::key; });
    if (!has_keys && info_.unread.count == 0) {
        return fail(ErrorCode::unsupported,
                    "{}: a bbolt database, but not etcd's: it has no bucket named key",
                    snapshot_->file().path().string());
    }
    take_structure(structure);
    census_.finish(info_);
    std::sort(info_.members.begin(), info_.members.end(),
              [](const auto& a, const auto& b) { return a.id < b.id; });
    return {};
}

void Gatherer::take_leaf(const bbolt::CheckedLeaf& leaf) {
    const Unread told = [&](const std::string& what) { unread(leaf.bucket, what); };
    if (leaf.bucket == etcd::buckets::key) return census_.take(leaf.page, told);
    for (std::size_t i = 0; i < leaf.page.count(); ++i)
        take_record(info_, leaf.bucket, leaf.page.leaf(i), told);
}

void Gatherer::take_structure(const bbolt::Structure& structure) {
    auto& space = info_.space;
    space.used = structure.used_bytes;
    space.fragmented = structure.fragmented_bytes;
    space.free = structure.pages.free * info_.page_size;
    space.other = (structure.pages.meta + structure.pages.freelist + structure.pages.leaked) *
                  info_.page_size;
    space.exact = structure.complete;
}

/// What bbolt could read all the same is for verify to tell.
void Gatherer::take_problem(const Problem& problem) {
    const auto weight = bbolt::weight_of(problem);
    if (weight == bbolt::Weight::lost) {
        if (!bbolt::is_of_freelist(*db_, problem)) note_bucket(problem.place.bucket);
        info_.all_rows = info_.is_whole(etcd::buckets::key);
        info_.unread.add(problem.message);
    } else if (weight == bbolt::Weight::misplaced) {
        info_.doubtful.add(problem.message);
    }
}

void Gatherer::unread_file(const std::string& file, const std::string& what) {
    info_.unread.add(fmt::format("{}: {}", file, what));
}

/// The root without a name holds all of them.
void Gatherer::note_bucket(Bytes bucket) {
    const auto top = bucket.substr(0, bucket.find('/'));
    for (const auto known : etcd::buckets::all) {
        if (top.empty() || top == known) info_.unread_buckets.emplace(known);
    }
}

void Gatherer::read_directory(const DataDirectory& dir) {
    for (const auto& file : dir.snap_files) info_.snap_files.push_back(file.filename().string());
    Problem last;
    const auto log = wal::read(dir.wal_files, [&](Problem problem) { last = std::move(problem); });
    if (!log) return unread_file("WAL", log.error().message);
    if (log->ending == wal::Ending::broken) unread_file(last.place.file, last.message);
    take_log(*log);
}

void Gatherer::take_log(const wal::Log& log) {
    auto& wal = info_.wal.emplace();
    wal.segments = log.segments.size();
    wal.commit = log.hard_state.commit;
    wal.torn_tail = log.ending == wal::Ending::torn;
    wal.first_index = log.entries.first_index();
    wal.last_index = log.entries.last_index();
    const auto applied = info_.consistent_index.value_or(0);
    if (wal.last_index > applied) {
        wal.beyond_db = std::min<std::uint64_t>(wal.last_index - applied, log.entries.size());
    }
    if (log.cluster) info_.cluster_id = Known<etcd::ClusterId>{*log.cluster, "by its WAL"};
}

void Gatherer::deduce() {
    info_.written_by = written_by(info_);
    info_.taken_at = taken_at(info_);
    if (!info_.cluster_id) info_.cluster_id = recomputed_cluster_id(info_);
}

}  // namespace

Result<Info> gather(const Snapshot& snapshot, const kube::at_rest::Config* encryption,
                    Digest digest) {
    const auto& db = snapshot.database();
    if (!db) return std::unexpected(db.error());
    SALVOR_TRY(auto table, timeline::KeyTable::over(*db));
    return Gatherer(snapshot, *db, std::move(table), encryption).run(digest);
}

}  // namespace salvor::info
