#include "core/restore/kubernetes.hpp"

#include "core/timeline/keyspace.hpp"

namespace salvor::restore {

Result<std::optional<std::string>> kubernetes_prefix(const bbolt::Database& db) {
    std::optional<std::string> prefix;
    SALVOR_CHECK(timeline::for_each_row(db, [&](const timeline::Row& row) {
        const auto kv = etcd::parse_key_value(row.raw_value);
        if (!kv) return true;
        for (const Bytes end : {"/namespaces/default", "/namespaces/kube-system"}) {
            if (kv->key.size() > end.size() && kv->key.ends_with(end)) {
                prefix = kv->key.substr(0, kv->key.size() - end.size());
            }
        }
        return !prefix;
    }));
    return prefix;
}

}  // namespace salvor::restore
