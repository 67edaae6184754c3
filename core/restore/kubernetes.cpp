#include "core/restore/kubernetes.hpp"

#include "core/cluster/registry_key.hpp"
#include "core/timeline/keyspace.hpp"

namespace salvor::restore {

Result<std::optional<std::string>> kubernetes_prefix(const bbolt::Database& db) {
    std::optional<std::string> prefix;
    SALVOR_CHECK(timeline::for_each_row(db, [&](const timeline::Row& row) {
        const auto kv = etcd::parse_key_value(row.raw_value);
        if (kv) prefix = cluster::prefix_by_kube_system(kv->key);
        return !prefix;
    }));
    return prefix;
}

}  // namespace salvor::restore
