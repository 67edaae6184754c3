#include "core/restore/standing.hpp"

#include <algorithm>

#include "core/restore/source.hpp"
#include "formats/etcd/buckets.hpp"
#include "formats/etcd/meta.hpp"
#include "formats/wal/reader.hpp"

namespace salvor::restore {
namespace {

std::optional<std::uint64_t> consistent_index(const bbolt::Database& db) {
    const auto bucket = db.bucket(etcd::buckets::meta);
    if (!bucket || !*bucket) return {};
    const auto value = db.get(**bucket, etcd::meta_keys::consistent_index);
    return value && *value ? etcd::parse_u64(**value) : std::nullopt;
}

}  // namespace

std::uint64_t wal_tail(const Snapshot& source) {
    if (!source.data_directory() || !source.database()) return 0;
    const auto index = consistent_index(*source.database());
    const auto log = wal::read(source.data_directory()->wal_files, [](const Problem&) {});
    if (!index || !log) return 0;
    return static_cast<std::uint64_t>(std::ranges::count_if(
        log->entries, [&](const wal::Entry& entry) { return entry.index > *index; }));
}

std::optional<Progressed> progressed(const std::filesystem::path& data_dir,
                                     const std::filesystem::path& wal_dir) {
    auto snapshot = Snapshot::open(data_dir);
    if (!snapshot) return {};
    const auto& directory = snapshot->data_directory();
    if (directory && directory->wal_files.empty()) (void)snapshot->take_wal_from(wal_dir);
    const auto source = read_source(*snapshot);
    if (!source) return {};
    return Progressed{source->revision, wal_tail(*snapshot)};
}

}  // namespace salvor::restore
