#include "core/timeline/differences.hpp"

#include <map>

#include "core/timeline/keyspace.hpp"
#include "tests/core/timeline/real_data.hpp"

using namespace salvor;

namespace {

using Records = std::map<std::string, std::string>;

Records records(const timeline::State& state) {
    Records found;
    for (std::size_t i = 0; i < state.size(); ++i)
        found[std::string(state[i].key)] = etcd::encode_key_value(state[i]);
    return found;
}

timeline::State whole(const timeline::Moment& moment) {
    return *timeline::range(*moment.db, moment.revision, [](Bytes) { return true; });
}

/// The keys that differ, by way of the filter.
std::map<std::string, std::pair<bool, bool>> found_between(const timeline::Moment& before,
                                                           const timeline::Moment& after) {
    const auto differences = timeline::Differences::between(before, after);
    REQUIRE(differences);
    const auto keep = [&](Bytes key) { return differences->may_differ(key); };
    const auto a = timeline::range(*before.db, before.revision, keep);
    const auto b = timeline::range(*after.db, after.revision, keep);
    std::map<std::string, std::pair<bool, bool>> found;
    timeline::each_difference(*a, *b, [&](const etcd::KeyValue* old, const etcd::KeyValue* now) {
        found[std::string(old ? old->key : now->key)] = {old != nullptr, now != nullptr};
        return true;
    });
    return found;
}

void check_against_whole_states(const timeline::Moment& before, const timeline::Moment& after) {
    const auto old_records = records(whole(before)), new_records = records(whole(after));
    const auto found = found_between(before, after);
    for (const auto& [key, record] : old_records) {
        const auto now = new_records.find(key);
        CAPTURE(key);
        CHECK(found.contains(key) == (now == new_records.end() || now->second != record));
    }
    for (const auto& [key, record] : new_records) {
        CAPTURE(key);
        if (!old_records.contains(key)) CHECK(found.at(key) == std::pair(false, true));
    }
}

}  // namespace

TEST_CASE("the keys that differ between two snapshots are found, also where one was compacted") {
    const auto before = open_real("kube-1.36/before.db"), after = open_real("kube-1.36/after.db");
    const timeline::Moment old_moment{&*before.database(), 1058};
    const timeline::Moment new_moment{&*after.database(), 1175};
    check_against_whole_states(old_moment, new_moment);
    check_against_whole_states(new_moment, old_moment);
    const auto differences = timeline::Differences::between(old_moment, new_moment);
    CHECK_FALSE(differences->kinship().parted_at);
    CHECK(differences->kinship().shares_anything());
}

TEST_CASE("the keys that differ between two revisions of one file are found") {
    const auto after = open_real("kube-1.36/after.db");
    for (const std::int64_t revision : {991, 1001, 1092, 1174, 1175}) {
        check_against_whole_states({&*after.database(), revision}, {&*after.database(), 1175});
    }
}

TEST_CASE("histories that are not the same are parted at the first revision that differs") {
    const auto a = open_real("etcd-3.6/rich.db"), b = open_real("etcd-3.7/rich.db");
    const auto head = [](const Snapshot& snapshot) {
        return timeline::Moment{&*snapshot.database(),
                                timeline::bounds(*snapshot.database())->current};
    };
    const auto differences = timeline::Differences::between(head(a), head(b));
    REQUIRE(differences);
    CHECK(differences->kinship().parted_at);
    check_against_whole_states(head(a), head(b));
}
