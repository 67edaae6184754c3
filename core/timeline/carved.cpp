#include "core/timeline/carved.hpp"

#include <algorithm>
#include <set>

#include "core/timeline/rows.hpp"

namespace salvor::timeline {

Result<void> drop_kept(std::vector<Carved>& rows, const bbolt::Database& db) {
    std::set<etcd::Revision> kept;
    auto next = rows.begin();
    SALVOR_CHECK(walk_rows(db, [&](const Row& row, RowPosition) {
        const auto revision = row.row_key.revision;
        while (next != rows.end() && next->row_key.revision < revision) ++next;
        if (next != rows.end() && next->row_key.revision == revision) kept.insert(revision);
        return next != rows.end();
    }));
    std::erase_if(rows, [&](const Carved& row) { return kept.contains(row.row_key.revision); });
    return {};
}

std::optional<Link> link(const etcd::KeyValue& before, std::int64_t upto,
                         const etcd::KeyValue& now) {
    if (now.create_revision == 0) return {};
    if (now.create_revision > upto || now.create_revision != before.create_revision) return Link{};
    return Link{true, now.version - before.version - 1};
}

}  // namespace salvor::timeline
