#include "core/restore/kubernetes.hpp"

#include "core/cluster/registry_key.hpp"
#include "core/timeline/keyspace.hpp"

namespace salvor::restore {
namespace {

/// Some milliseconds; all rows of a large file would take as long as half a copy of it.
constexpr std::size_t rows_looked_at = 10'000;

}  // namespace

Result<std::optional<std::string>> likely_kubernetes_prefix(const bbolt::Database& db) {
    std::optional<std::string> prefix;
    std::size_t rows = 0;
    SALVOR_CHECK(timeline::for_each_row(db, [&](const timeline::Row& row) {
        const auto kv = etcd::parse_key_value(row.raw_value);
        if (kv) prefix = cluster::prefix_by_kube_system(kv->key);
        return !prefix && ++rows < rows_looked_at;
    }));
    return prefix;
}

}  // namespace salvor::restore
