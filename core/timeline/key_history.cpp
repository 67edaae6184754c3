#include "core/timeline/key_history.hpp"

#include <map>

#include "core/timeline/keyspace.hpp"

namespace salvor::timeline {

Result<std::vector<KeyHistory>> histories(const bbolt::Database& db, std::int64_t last,
                                          const std::function<bool(Bytes)>& keep) {
    std::map<Bytes, std::vector<KeptRow>> found;
    Result<void> parsed;
    SALVOR_CHECK(walk_rows(db, [&](const Row& row, RowPosition position) {
        const auto main = row.row_key.revision.main;
        if (main > last) return false;
        if (main < first_revision) return true;
        const auto key = key_of(db, row);
        if (!key) {
            parsed = std::unexpected(key.error());
            return false;
        }
        if (keep(*key)) found[*key].push_back({row.row_key, position});
        return true;
    }));
    SALVOR_CHECK(parsed);
    std::vector<KeyHistory> histories;
    histories.reserve(found.size());
    for (auto& [key, rows] : found) histories.push_back({std::string(key), std::move(rows)});
    return histories;
}

etcd::KeyValue key_value_at(const bbolt::Database& db, RowPosition position) {
    return etcd::parse_key_value(entry_at(db, position).value).value_or(etcd::KeyValue{});
}

}  // namespace salvor::timeline
