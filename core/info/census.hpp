#pragma once

#include <set>
#include <string>

#include "core/info/info.hpp"
#include "core/info/kubernetes.hpp"
#include "core/info/records.hpp"
#include "core/timeline/key_table.hpp"

namespace salvor::info {

/// Counts the rows of the `key` bucket, leaf by leaf, then what is live of
/// them.
class Census {
 public:
    Census(const bbolt::Database& db, timeline::KeyTable table,
           const kube::at_rest::Config* encryption)
        : db_(&db), table_(std::move(table)), encryption_(encryption) {}
    void take(const bbolt::PageView& leaf, const Unread& unread);
    /// Puts the counts into `info`; the census is empty afterwards.
    void finish(Info& info);

 private:
    void take_row(const bbolt::LeafEntry& entry, timeline::RowPosition position,
                  const Unread& unread);
    void count_live(const etcd::KeyValue& kv, Info& info);

    const bbolt::Database* db_;
    timeline::KeyTable table_;
    const kube::at_rest::Config* encryption_;
    std::set<std::string, std::less<>> prefixes_;
    std::vector<KubernetesCount> clusters_;
    std::uint64_t rows_ = 0, tombstones_ = 0;
    bool all_rows_ = true;
    std::int64_t last_main_ = 0;
};

}  // namespace salvor::info
