#include "core/query/sql/engine.hpp"

#include <catch2/catch.hpp>
#include <filesystem>

#include "tests/core/small_snapshot.hpp"

using namespace salvor;

namespace {

/// A row a line, cells with bars between; NULL is "-".
class Answer : public query::AnswerSink {
 public:
    void begin(const std::vector<std::string>& columns) override { names = columns; }
    void row(std::span<const query::Cell> cells) override {
        for (const auto& cell : cells) {
            using Kind = query::Cell::Kind;
            const bool is_view = cell.kind == Kind::text || cell.kind == Kind::bytes;
            text += cell.kind == Kind::null      ? "-"
                    : cell.kind == Kind::integer ? std::to_string(cell.integer)
                    : is_view                    ? std::string(cell.view)
                                                 : std::to_string(cell.real);
            text += &cell == &cells.back() ? "\n" : "|";
        }
    }
    std::vector<std::string> names;
    std::string text;
};

/// A snapshot with a little of everything.
struct World {
    SmallSnapshot snapshot{{
        {"/registry/namespaces/kube-system", small_object("v1", "Namespace", "kube-system")},
        {"/registry/configmaps/shop/a",
         small_object("v1", "ConfigMap", "a", "shop", R"("data":{"color":"green"})")},
        {"/registry/secrets/shop/s",
         small_object("v1", "Secret", "s", "shop", R"("data":{"p":"aHVudGVyMg=="})")},
        {"/registry/configmaps/shop/a",
         small_object("v1", "ConfigMap", "a", "shop", R"("data":{"color":"blue"})")},
        {"/registry/configmaps/shop/b", small_object("v1", "ConfigMap", "b", "shop")},
        {"/registry/configmaps/shop/b", std::nullopt},
        {"plain", "value"},
    }};
    std::unique_ptr<cluster::Cluster> cluster = [&] {
        cluster::Options wanted;
        wanted.foreseen = [](Bytes) { return true; };
        return cluster::Cluster::open(snapshot.db(), wanted).value();
    }();
    query::Source source{{&snapshot.db(), cluster.get(), &cluster->noted(), false,
                          [] { return Result<std::vector<Finding>>(std::vector<Finding>{}); }}};
    std::vector<query::Source*> sources{&source};
    std::unique_ptr<query::Engine> engine = query::Engine::open(sources, "").value();

    /// The rows, or the error's message.
    std::string ask(const std::string& sql) {
        Answer answer;
        const auto done = engine->run(sql, answer);
        return done ? answer.text : "error: " + done.error().message;
    }
};

}  // namespace

TEST_CASE("SQL sees live keys, whatever they are of") {
    World world;
    CHECK(world.ask("SELECT key, kind, name, version FROM keys ORDER BY key") ==
          "/registry/configmaps/shop/a|ConfigMap|a|2\n"
          "/registry/namespaces/kube-system|Namespace|kube-system|1\n"
          "/registry/secrets/shop/s|Secret|s|1\n"
          "plain|-|-|1\n");
}

TEST_CASE("SQL sees every kept revision, deletions too") {
    World world;
    CHECK(world.ask("SELECT revision, deleted, name FROM revisions WHERE kind = 'ConfigMap'") ==
          "3|0|a\n5|0|a\n6|0|b\n7|1|b\n");
    CHECK(world.ask("SELECT object ->> '$.data.color' FROM revisions WHERE name = 'a'") ==
          "green\nblue\n");
    CHECK(world.ask("SELECT count(*) FROM revisions WHERE revision BETWEEN 4 AND 6") == "3\n");
}

TEST_CASE("SQL sees objects' fields, and what is secret only as its size") {
    World world;
    CHECK(world.ask("SELECT path, value FROM fields WHERE name = 'a' AND path LIKE 'data%'") ==
          "data.color|blue\n");
    for (const auto* sql : {"SELECT value FROM fields", "SELECT object FROM objects",
                            "SELECT value FROM keys", "SELECT value, object FROM revisions"}) {
        INFO(sql);
        const auto told = world.ask(sql);
        CHECK_FALSE(told.empty());
        CHECK(told.find("hunter2") == std::string::npos);
        CHECK(told.find("aHVudGVyMg") == std::string::npos);
    }
}

TEST_CASE("a key that is no object has no fields") {
    World world;
    CHECK(world.ask("SELECT count(*) FROM fields WHERE kind IS NULL") == "0\n");
    CHECK(world.ask("SELECT count(DISTINCT key) FROM fields") == "3\n");
}

TEST_CASE("a condition narrows a scan and changes no answer") {
    World world;
    for (const auto* table : {"keys", "objects", "fields", "revisions"}) {
        for (const auto* column : {"key", "resource", "kind", "namespace", "name"}) {
            const auto count = [&](const char* plus) {
                return world.ask(
                    fmt::format("SELECT count(*) FROM {} WHERE {}{} = "
                                "(SELECT max({}) FROM keys)",
                                table, plus, column, column));
            };
            INFO(table << "." << column);
            // A column behind || is none that narrows.
            CHECK(count("") == count("'' || "));
        }
    }
}

TEST_CASE("SQL writes nothing and reaches nothing else") {
    World world;
    const auto file = std::filesystem::temp_directory_path() / "salvor-sql-must-not-be";
    for (const auto& sql : std::vector<std::string>{
             "INSERT INTO keys(key) VALUES('x')", "DELETE FROM keys", "UPDATE keys SET key = 'x'",
             "CREATE TABLE t(a)", "CREATE TEMP TABLE t(a)", "DROP TABLE keys",
             "ATTACH '" + file.string() + "' AS f", "VACUUM INTO '" + file.string() + "'",
             "PRAGMA writable_schema = 1", "SELECT load_extension('x')", "BEGIN",
             "ALTER TABLE keys RENAME TO k", "CREATE VIRTUAL TABLE t USING fts5(a)"}) {
        INFO(sql);
        CHECK(world.ask(sql).starts_with("error: "));
    }
    CHECK_FALSE(std::filesystem::exists(file));
    CHECK(world.ask("SELECT count(*) FROM keys") == "4\n");
}

TEST_CASE("SQL that is none, or more than one statement, is refused with its place") {
    World world;
    CHECK(world.ask("SELEC 1").find("SELEC") != std::string::npos);
    CHECK(world.ask("").starts_with("error: query: there is no SQL in it"));
    CHECK(world.ask("SELECT 1; SELECT 2").find("one statement at a time") != std::string::npos);
    CHECK(world.ask("SELECT 1;  -- done") == "1\n");
    CHECK(world.ask("SELECT * FROM nowhere").find(".tables") != std::string::npos);
    CHECK(world.ask(std::string("SELECT 1\0garbage", 16)).starts_with("error: "));
}

TEST_CASE("a statement without end is ended when it is asked to") {
    World world;
    int asked = 0;
    world.engine->end_when([&] { return ++asked > 3; });
    Answer answer;
    const auto done = world.engine->run(
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n",
        answer);
    REQUIRE_FALSE(done);
    CHECK(done.error().code == ErrorCode::interrupted);
    CHECK(asked == 4);
}

TEST_CASE("two snapshots are asked at once, each in its schema") {
    World one, other;
    std::vector<query::Source*> sources{&one.source, &other.source};
    const auto engine = query::Engine::open(sources, "");
    REQUIRE(engine);
    Answer answer;
    REQUIRE(
        (*engine)->run("SELECT count(*) FROM keys a JOIN other.keys b ON a.key = b.key", answer));
    CHECK(answer.text == "4\n");
}
