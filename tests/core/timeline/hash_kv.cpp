#include "core/timeline/hash_kv.hpp"

#include "core/timeline/keyspace.hpp"
#include "tests/core/timeline/real_data.hpp"

using namespace salvor;

namespace {

void check_hash(const bbolt::Database& db, const std::string& revision, const nlohmann::json& hash,
                const nlohmann::json& compact_revision) {
    const auto asked = revision == "head" ? 0 : std::stoll(revision);
    const auto found = timeline::hash_kv(db, asked);
    REQUIRE(found);
    CHECK(found->hash == hash.get<std::uint32_t>());
    CHECK(found->compact_revision == compact_revision.get<std::int64_t>());
    if (asked != 0) CHECK(found->hash_revision == asked);
}

}  // namespace

TEST_CASE(
    "HashKV of every raw snapshot is etcdutl 3.7's, at the head and at each revision asked for") {
    std::size_t hashes = 0;
    for (const auto& [line, name] : raw_snapshots()) {
        const auto snapshot = open_real(line + "/" + name + ".db");
        const auto answers = real_answer(line + "/answers/" + name + "/hashkv-etcdutl.json");
        for (const auto& [revision, answer] : answers.at("3.7.1").items()) {
            INFO(line << "/" << name << " at " << revision);
            if (answer.at("exit") == 0) {
                const auto& said = answer.at("stdout");
                check_hash(*snapshot.database(), revision, said.at("hash"),
                           said.at("compactRevision"));
                ++hashes;
            } else {
                const auto refused = timeline::hash_kv(*snapshot.database(), std::stoll(revision));
                REQUIRE(!refused);
                CHECK(answer.at("stderr").dump().find(refused.error().message) !=
                      std::string::npos);
            }
        }
    }
    CHECK(hashes > 40);
}

TEST_CASE("HashKV of every raw snapshot is what its live server answered") {
    std::size_t hashes = 0;
    for (const auto& [line, name] : raw_snapshots()) {
        if (name == "alarm-corrupt") continue;  // no server answered
        const auto snapshot = open_real(line + "/" + name + ".db");
        const auto compacted = timeline::bounds(*snapshot.database())->compacted;
        const auto answers = real_answer(line + "/answers/" + name + "/hashkv-live.json");
        for (const auto& [revision, answer] : answers.items()) {
            // At its compaction revision a server repeats the hash of the compaction itself, which
            // covers rows that are gone from the file.
            if (!answer.is_array() || revision == std::to_string(compacted)) continue;
            INFO(line << "/" << name << " at " << revision);
            const auto& said = answer.at(0).at("HashKV");
            check_hash(*snapshot.database(), revision, said.at("hash"),
                       said.at("compact_revision"));
            ++hashes;
        }
    }
    CHECK(hashes == 38);
}

TEST_CASE("HashKV of Kubernetes' snapshots is etcdutl's") {
    for (const auto& [file, answers] :
         {std::pair{"kube-1.36/before.db", "kube-1.36/answers/before/hashkv.json"},
          {"kube-1.36/after.db", "kube-1.36/answers/after/hashkv.json"},
          {"kube-1.28/snapshot.db", "kube-1.28/answers/hashkv.json"}}) {
        const auto snapshot = open_real(file);
        const auto said = real_answer(answers);
        check_hash(*snapshot.database(),
                   std::to_string(said.at("hashRevision").get<std::int64_t>()), said.at("hash"),
                   said.at("compactRevision"));
    }
}

TEST_CASE("HashKV refuses revisions that a server does not have, in etcd's words") {
    const auto snapshot = open_real("etcd-3.6/compacted.db");
    const auto bounds = timeline::bounds(*snapshot.database());
    const auto below = timeline::hash_kv(*snapshot.database(), bounds->compacted - 1);
    REQUIRE(!below);
    CHECK(below.error().message == "mvcc: required revision has been compacted");
    const auto beyond = timeline::hash_kv(*snapshot.database(), bounds->current + 1);
    REQUIRE(!beyond);
    CHECK(beyond.error().message == "mvcc: required revision is a future revision");
    CHECK(beyond.error().code == ErrorCode::refused);
    CHECK(timeline::hash_kv(*snapshot.database(), bounds->compacted));
}

TEST_CASE("HashKV of nothing is that of the bucket's name") {
    const auto snapshot = open_real("etcd-3.6/compacted.db");
    const auto before_all = timeline::hash_kv(*snapshot.database(), -1);
    REQUIRE(before_all);
    CHECK(before_all->hash == 1084519789);
    CHECK(before_all->hash_revision == -1);
    const auto empty = open_real("etcd-3.4/fresh-empty.db");
    const auto head = timeline::hash_kv(*empty.database(), 0);
    REQUIRE(head);
    CHECK(head->hash_revision == 1);
    CHECK(head->compact_revision == -1);
}
