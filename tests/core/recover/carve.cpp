#include "core/recover/carve.hpp"

#include "core/timeline/rows.hpp"
#include "tests/core/timeline/real_data.hpp"

using namespace salvor;
using namespace salvor::recover;

namespace {

std::vector<timeline::Carved> carved_of(const Snapshot& snapshot) {
    const auto recovery = Recovery::run(snapshot.file().bytes());
    REQUIRE(recovery.has_value());
    std::vector<timeline::Carved> found;
    for (const auto& row : carve(**recovery)) found.push_back(for_timeline(**recovery, row));
    return found;
}

}  // namespace

TEST_CASE("what is carved of a compacted snapshot is what an earlier one keeps") {
    const auto before = open_real("kube-1.36/before.db"), after = open_real("kube-1.36/after.db");
    auto carved = carved_of(after);
    std::erase_if(carved, [](const auto& row) { return row.main() > 1058; });  // before's head
    REQUIRE(carved.size() > 150);
    std::size_t same = 0;
    REQUIRE(timeline::walk_key_values(*before.database(), [&](const timeline::Row& row, auto,
                                                              const etcd::KeyValue& kv) {
                const auto at = std::find_if(carved.begin(), carved.end(), [&](const auto& one) {
                    return one.row_key.revision == row.row_key.revision;
                });
                if (at == carved.end()) return true;
                INFO(to_string(row.row_key.revision));
                CHECK(at->row_key.tombstone == row.row_key.tombstone);
                CHECK(at->kv.key == kv.key);
                if (at->has_value()) CHECK(at->kv.value == kv.value);
                CHECK(at->kv.version == kv.version);
                CHECK(at->kv.create_revision == kv.create_revision);
                ++same;
                return true;
            }).has_value());
    CHECK(same == carved.size());
}

TEST_CASE("what another file keeps is not carved") {
    const auto before = open_real("kube-1.36/before.db"), after = open_real("kube-1.36/after.db");
    auto carved = carved_of(after);
    const auto all = carved.size();
    REQUIRE(timeline::drop_kept(carved, *after.database()).has_value());
    CHECK(carved.size() == all);  // its own tree has none of them
    REQUIRE(timeline::drop_kept(carved, *before.database()).has_value());
    CHECK(carved.empty());
}
