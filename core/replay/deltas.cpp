#include "core/replay/deltas.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>

#include "core/replay/buckets.hpp"
#include "core/replay/delta_store.hpp"
#include "core/replay/keyspace.hpp"
#include "core/replay/write.hpp"
#include "core/snapshot/snapshot.hpp"
#include "formats/base/staged_file.hpp"
#include "formats/etcd/buckets.hpp"
#include "formats/gardener/delta.hpp"

namespace salvor::replay {
namespace fs = std::filesystem;
namespace {

/// A row as it waits to be applied: its size (4), whether it removes (1), the row.
constexpr std::size_t head_size = 5;

/// The events of one delta after the other, as such rows.
class EventRows final : public envelope::Stream {
 public:
    EventRows(std::vector<DeltaFile> deltas, const envelope::SpillPlaces& places)
        : deltas_(std::move(deltas)), places_(&places) {}

 private:
    Result<Bytes> make() override {
        rows_.clear();
        while (rows_.empty() && at_ < deltas_.size()) {
            const auto& delta = deltas_[at_++];
            SALVOR_TRY(const auto plain, unpacked(delta, *places_));
            const auto read = gardener::read_delta(plain.bytes(), [this](const auto& event) {
                add(event);
                return Result<void>();
            });
            if (!read) {
                return fail(read.error().code, "{}: {}", delta.path.string(), read.error().message);
            }
        }
        return Bytes(rows_);
    }

    void add(const gardener::Event& event) {
        const auto row =
            etcd::encode_key_value({event.key, event.create_revision, event.mod_revision,
                                    event.version, event.value, event.lease});
        char head[head_size];
        store_le<std::uint32_t>(head, static_cast<std::uint32_t>(row.size()));
        head[4] = event.removes ? '\x01' : '\0';
        rows_.append(head, head_size).append(row);
    }

    std::vector<DeltaFile> deltas_;
    const envelope::SpillPlaces* places_;
    std::size_t at_ = 0;
    std::string rows_;
};

/// A store as the events go on with it.
class Assembly {
 public:
    Assembly(const bbolt::Database& db, Keyspace keys) : db_(&db), keys_(std::move(keys)) {}

    /// `rows` must outlive it.
    Result<void> apply(Bytes rows);
    const Keyspace& keys() const { return keys_; }
    std::size_t events() const { return events_; }
    std::size_t leases_dropped() const { return leases_dropped_; }

 private:
    Result<void> apply(const etcd::KeyValue& event, bool removes);
    Result<void> begin(std::int64_t revision);
    Result<std::int64_t> lease_of(std::int64_t id);

    const bbolt::Database* db_;
    Keyspace keys_;
    std::int64_t main_ = 0;  ///< the revision that is being made
    std::size_t events_ = 0, leases_dropped_ = 0;
};

Result<void> Assembly::apply(Bytes rows) {
    const auto before = keys_.revision();
    while (!rows.empty()) {
        const auto size = load_le<std::uint32_t>(rows.data());
        const bool removes = rows[4] != '\0';
        SALVOR_TRY(const auto event, etcd::parse_key_value(rows.substr(head_size, size)));
        rows.remove_prefix(head_size + size);
        // A full snapshot may have more than its name says: what it has is in the first delta, too.
        if (event.mod_revision > before) SALVOR_CHECK(apply(event, removes));
    }
    keys_.end();
    return {};
}

Result<void> Assembly::begin(std::int64_t revision) {
    if (revision == main_) return {};
    keys_.end();
    if (revision != keys_.revision() + 1) {
        return fail(ErrorCode::flawed,
                    "its events go from revision {} to {}: what is between is missing",
                    keys_.revision(), revision);
    }
    main_ = revision;
    return {};
}

/// What the full snapshot does not know was granted later, and nothing tells for how long.
Result<std::int64_t> Assembly::lease_of(std::int64_t id) {
    if (id == 0) return id;
    std::string key(sizeof id, '\0');
    store_be<std::uint64_t>(key.data(), static_cast<std::uint64_t>(id));
    SALVOR_TRY(const auto row, Buckets(*db_).get(etcd::buckets::lease, key));
    if (!row) ++leases_dropped_;
    return row ? id : 0;
}

Result<void> Assembly::apply(const etcd::KeyValue& event, bool removes) {
    SALVOR_CHECK(begin(event.mod_revision));
    ++events_;
    const auto before = keys_.live(event.key);
    if (removes) {
        if (!before) {
            return fail(ErrorCode::flawed, "revision {} deletes a key that is not there",
                        event.mod_revision);
        }
        keys_.remove({event.key, {}});
        return {};
    }
    const auto version = before ? before->version + 1 : 1;
    if (event.version != version) {
        return fail(ErrorCode::flawed,
                    "revision {} is version {} of its key, and what was before it makes it {}",
                    event.mod_revision, event.version, version);
    }
    SALVOR_TRY(const auto lease, lease_of(event.lease));
    keys_.put(event.key, event.value, lease);
    return {};
}

/// Written, opened again under the folder's name, and without one of its own.
Result<MappedFile> written(const bbolt::Database& db, const Assembly& assembly,
                           const DeltaStore& store, const envelope::SpillPlaces& places) {
    SALVOR_TRY(auto staged, StagedFile::create(envelope::candidates(places).front() / "assembled"));
    SALVOR_CHECK(write_db(db, {}, assembly.keys(), staged.writer()));
    const timespec time{store.taken_at(), 0};
    const timespec both[] = {time, time};
    ::futimens(staged.writer().fd(), both);
    const int fd = ::open(staged.path().c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return fail_errno(errno, "open", staged.path().string());
    return MappedFile::adopt(fd, store.folder);
}

std::vector<std::string> remarks_of(const DeltaStore& store, const Assembly& assembly) {
    std::vector<std::string> remarks{
        fmt::format("{}: {} and {} of its deltas: {} events, up to revision {}",
                    store.folder.string(), store.full.path.filename().string(), store.deltas.size(),
                    assembly.events(), assembly.keys().revision())};
    if (assembly.leases_dropped() > 0) {
        remarks.push_back(fmt::format(
            "{}: {} keys were put with leases that were granted after the full snapshot, of which "
            "a delta tells nothing: they have none now",
            store.folder.string(), assembly.leases_dropped()));
    }
    return remarks;
}

Result<Assembled> assembled(const DeltaStore& store, const envelope::SpillPlaces& places) {
    SALVOR_TRY(const auto full, open_full(store.full, places));
    SALVOR_TRY(auto keys, Keyspace::over(*full.database()));
    Assembly assembly(*full.database(), std::move(keys));
    EventRows events(store.deltas, places);
    SALVOR_TRY(const auto rows, envelope::spill(events, places, store.folder, 0));
    SALVOR_CHECK(assembly.apply(rows.bytes()));
    SALVOR_TRY(auto db, written(*full.database(), assembly, store, places));
    return Assembled{std::move(db), remarks_of(store, assembly)};
}

}  // namespace

Result<std::optional<Assembled>> assemble(const fs::path& folder,
                                          const envelope::SpillPlaces& places) {
    SALVOR_TRY(const auto store, find_delta_store(folder));
    if (!store) return std::nullopt;
    auto made = assembled(*store, places);
    if (made) return std::optional(*std::move(made));
    return fail(made.error().code, "{}: {}", folder.string(), made.error().message);
}

}  // namespace salvor::replay
