#include "core/replay/applier.hpp"

#include "formats/etcd/alarm.hpp"
#include "formats/etcd/conf_change.hpp"
#include "tests/core/replay/small_store.hpp"

using namespace salvor;
using namespace salvor::replay;

namespace {

constexpr std::uint32_t put_field = 4, delete_field = 5, txn_field = 6, compaction_field = 7,
                        grant_field = 8, revoke_field = 9, alarm_field = 10;

Message compare_version(Bytes key, std::int64_t version) {
    return Message().number(1, 0).number(2, 0).text(3, key).number(4, version);
}

}  // namespace

TEST_CASE("a put counts versions from the key's creation, and starts anew after a deletion") {
    SmallStore store;
    store.apply(put_field, put("a", "1"));
    store.apply(put_field, put("a", "2"));
    CHECK(store.live("a") == "2@2.3.2");
    store.apply(delete_field, Message().text(1, "a"));
    CHECK(store.live("a") == "-");
    CHECK(store.revision() == 4);
    store.apply(delete_field, Message().text(1, "a"));
    CHECK(store.revision() == 4);  // nothing was deleted, so nothing was written
    store.apply(put_field, put("a", "3"));
    CHECK(store.live("a") == "3@5.5.1");
}

TEST_CASE("a range deletes its keys in one revision, in their order") {
    SmallStore store;
    for (const auto* key : {"a", "b", "c"}) store.apply(put_field, put(key, key));
    store.apply(delete_field, Message().text(1, "b").text(2, std::string(1, '\0')));
    CHECK(store.live("a") == "a@2.2.1");
    CHECK(store.live("b") == "-");
    const auto& rows = store.applier().keys().rows();
    REQUIRE(rows.size() == 5);
    CHECK(rows[3].kv.key == "b");
    CHECK((rows[4].row_key.revision == etcd::Revision{5, 1} && rows[4].row_key.tombstone));
}

TEST_CASE("a transaction compares all levels before it writes, and writes one revision") {
    SmallStore store;
    store.apply(put_field, put("a", "1"));
    const auto inner = Message()
                           .part(1, compare_version("a", 1))
                           .part(2, Message().part(2, put("b", "seen as it was")))
                           .part(3, Message().part(2, put("b", "seen as it became")));
    store.apply(txn_field, Message()
                               .part(1, compare_version("a", 1))
                               .part(2, Message().part(2, put("a", "2")))
                               .part(2, Message().part(4, inner)));
    CHECK(store.live("a") == "2@2.3.2");
    CHECK(store.live("b") == "seen as it was@3.3.1");
    CHECK(store.revision() == 3);
}

TEST_CASE("a transaction that cannot be carried out whole writes nothing") {
    SmallStore store;
    store.apply(txn_field, Message()
                               .part(2, Message().part(2, put("a", "1")))
                               .part(2, Message().part(2, put("b", "2", 7))));
    CHECK(store.live("a") == "-");
    CHECK(store.revision() == 1);
    CHECK(store.refused("lease not found") == 1);
}

TEST_CASE("up to 3.6 a transaction's own ranges are left out, 3.7 looks at their revisions") {
    const auto txn = Message()
                         .part(2, Message().part(1, Message().text(1, "a").number(4, 99)))
                         .part(2, Message().part(2, put("a", "1")));
    SmallStore older;
    older.apply(txn_field, txn);
    CHECK(older.live("a") == "1@2.2.1");
    SmallStore newer({}, etcd::Line::v3_7);
    newer.apply(txn_field, txn);
    CHECK(newer.live("a") == "-");
    CHECK(newer.refused("mvcc: required revision is a future revision") == 1);
}

TEST_CASE("a lease that is revoked takes along the keys that are attached to it now") {
    SmallStore store;
    store.apply(grant_field, Message().number(1, 60).number(2, 7));
    store.apply(put_field, put("stays", "", 7));
    store.apply(put_field, put("stays", ""));
    store.apply(put_field, put("b", "", 7));
    store.apply(put_field, put("a", "", 7));
    store.apply(revoke_field, Message().number(1, 7));
    CHECK(store.live("stays") == "@2.3.2");
    CHECK(store.live("a") == "-");
    const auto& rows = store.applier().keys().rows();
    CHECK(rows.back().kv.key == "b");
    CHECK(rows.back().row_key.revision == etcd::Revision{6, 1});
    store.apply(revoke_field, Message().number(1, 7));
    CHECK(store.refused("lease not found") == 1);
}

TEST_CASE("without space puts are refused; those of inner transactions by the line") {
    const auto inner_put =
        Message().part(2, Message().part(4, Message().part(2, Message().part(2, put("a", "1")))));
    const auto alarm = Message().number(1, 1).number(2, 5).number(3, 1);
    SmallStore store;
    store.apply(alarm_field, alarm);
    store.apply(put_field, put("a", "1"));
    store.apply(txn_field, inner_put);
    CHECK(store.live("a") == "-");
    CHECK(store.refused("etcdserver: no space") == 2);
    CHECK(store.applier().tally().remarks.size() == 1);
    SmallStore oldest({}, etcd::Line::v3_4);
    oldest.apply(alarm_field, alarm);
    oldest.apply(txn_field, inner_put);
    CHECK(oldest.live("a") == "1@2.2.1");
}

TEST_CASE("a compaction is refused where it was done, and beyond the head") {
    SmallStore store;
    for (int i = 0; i < 3; ++i) store.apply(put_field, put("a", "1"));
    store.apply(compaction_field, Message().number(1, 3));
    store.apply(compaction_field, Message().number(1, 3));
    store.apply(compaction_field, Message().number(1, 5));
    CHECK(store.applier().keys().compacted() == 3);
    CHECK(store.refused("mvcc: required revision has been compacted") == 1);
    CHECK(store.refused("mvcc: required revision is a future revision") == 1);
}

TEST_CASE("with authentication each request is held against its user's roles") {
    SmallStore store;
    const auto user = [](Bytes name) { return Message().text(1, name).text(4, "aGFzaA=="); };
    store.apply(1100, user("root"));
    store.apply(1100, user("ann"));
    store.apply(1200, Message().text(1, "root"));
    store.apply(1200, Message().text(1, "writer"));
    store.apply(
        1203,
        Message().text(1, "writer").part(2, Message().number(1, 1).text(2, "a").text(3, "m")));
    store.apply(1104, Message().text(1, "root").text(2, "root"));
    store.apply(1104, Message().text(1, "ann").text(2, "writer"));
    store.apply(1000, {});
    REQUIRE(store.applier().auth().enabled());
    constexpr std::int64_t now = 8;  // seven changes after the first
    store.apply(put_field, put("b", "hers"), "ann", now);
    store.apply(put_field, put("z", "not hers"), "ann", now);
    store.apply(put_field, put("b", "too late"), "ann", now - 1);
    store.apply(put_field, put("z", "root's"), "root", now);
    store.apply(1101, Message().text(1, "root"), "ann", now);
    store.apply(1101, Message().text(1, "root"), "root", now);
    CHECK(store.live("b") == "hers@2.2.1");
    CHECK(store.live("z") == "root's@3.3.1");
    CHECK(store.refused("auth: permission denied") == 2);
    CHECK(store.refused("auth: revision in header is old") == 1);
    CHECK(store.refused("auth: invalid auth management") == 1);
}

TEST_CASE("what no server gets past is an error that names the entry") {
    const std::string image = bbolt::dense({{"key", {}}}, 4096);
    const auto db = *bbolt::Database::open(image);
    const auto applier = *Applier::over(db, etcd::Line::v3_6);
    const auto apply = [&](wal::Entry::Type type, Bytes data) {
        const auto applied = applier->apply({type, 1, 9, data, 0, 0});
        return applied ? std::string() : applied.error().message;
    };
    CHECK_THAT(apply(wal::Entry::Type::normal, "\xff\xff"),
               Catch::StartsWith("entry 9: etcdserverpb.InternalRaftRequest of 2 bytes"));
    CHECK(apply(wal::Entry::Type::normal, Message().part(777, {}).bytes()) ==
          "entry 9: a request that is not known, in field 777");
    CHECK_THAT(apply(wal::Entry::Type::conf_change_v2, ""), Catch::StartsWith("entry 9: "));
    CHECK_THAT(
        apply(wal::Entry::Type::normal, Message().text(2, "GET").text(3, "/v2/keys/x").bytes()),
        Catch::EndsWith("a request of the v2 store: GET /v2/keys/x"));
}

TEST_CASE("what 3.4 and 3.5 log as a request of the v2 store is what it means") {
    const auto version = etcd::parse_raft_request(
        Message().number(1, 5).text(2, "PUT").text(3, "/0/version").text(4, "3.5.0").bytes());
    REQUIRE(version);
    CHECK(std::get<etcd::ClusterVersionSetRequest>(version->body).version == "3.5.0");
    const auto attributes =
        etcd::parse_raft_request(Message()
                                     .number(1, 5)
                                     .text(2, "PUT")
                                     .text(3, "/0/members/8e9e05c52164694d/attributes")
                                     .text(4, R"({"name":"m1","clientURLs":["http://h:2379"]})")
                                     .bytes());
    REQUIRE(attributes);
    const auto& set = std::get<etcd::MemberAttributesSetRequest>(attributes->body);
    CHECK(to_string(set.member) == "8e9e05c52164694d");
    CHECK(set.client_urls == std::vector<std::string>{"http://h:2379"});
}

TEST_CASE("transactions nested deeper than any client sends them are refused, not followed") {
    Message txn;
    for (int i = 0; i < 200; ++i) txn = Message().part(2, Message().part(4, txn));
    const auto request = etcd::parse_raft_request(Message().part(txn_field, txn).bytes());
    REQUIRE(!request);
    CHECK(request.error().code == ErrorCode::too_large);
}
