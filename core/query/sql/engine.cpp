#include "core/query/sql/engine.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <set>

#include "core/query/sql/module.hpp"
#include "formats/base/release.hpp"
#include "formats/text/escape.hpp"

namespace salvor::query {
namespace {

constexpr std::size_t most_sources = 10;         ///< SQLite's own bound on attached schemas
constexpr sqlite3_int64 most_memory = 96 << 20;  ///< of SQLite alone
constexpr int most_value = 64 << 20;             ///< bytes of a text or blob
constexpr int most_sql = 1 << 20;                ///< bytes of a statement
/// Of LIKE and GLOB, whose time grows with its square.
constexpr int most_pattern = 1000;
constexpr int steps_between = 10'000;  ///< of SQLite's, between two questions whether to end
constexpr std::size_t shown_sql = 40;  ///< of it in an error

/// What reads is let through. Source: https://www.sqlite.org/c3ref/set_authorizer.html
int allow_reading(void*, int action, const char* first, const char* second, const char*,
                  const char*) {
    switch (action) {
        case SQLITE_SELECT:
        case SQLITE_READ:
        case SQLITE_RECURSIVE: return SQLITE_OK;
        case SQLITE_FUNCTION:
            return second && std::strcmp(second, "load_extension") == 0 ? SQLITE_DENY : SQLITE_OK;
        case SQLITE_PRAGMA: {
            // What a table's columns are: harmless, and asked for by habit.
            const Bytes pragma = first ? first : "";
            const bool tells = pragma == "table_info" || pragma == "table_xinfo" ||
                               pragma == "table_list" || pragma == "database_list";
            return tells ? SQLITE_OK : SQLITE_DENY;
        }
        default: return SQLITE_DENY;
    }
}

std::string schema_name(std::size_t place) {
    if (place == 0) return "main";
    return place == 1 ? "other" : fmt::format("other{}", place);
}

using Statement = std::unique_ptr<sqlite3_stmt, Release<sqlite3_finalize>>;

/// Names of an answer's columns; one that is there already gets a number, as SQLite does it.
std::vector<std::string> columns_of(sqlite3_stmt* statement) {
    std::vector<std::string> names;
    std::set<std::string> taken;
    for (int i = 0; i < sqlite3_column_count(statement); ++i) {
        const std::string name = sqlite3_column_name(statement, i);
        auto own = name;
        for (int n = 1; !taken.insert(own).second; ++n) own = fmt::format("{}:{}", name, n);
        names.push_back(own);
    }
    return names;
}

void read_cell(sqlite3_stmt* statement, int column, Cell& cell) {
    cell.kind = Cell::Kind::null;
    const auto view = [&](const void* bytes) {
        return Bytes(static_cast<const char*>(bytes),
                     static_cast<std::size_t>(sqlite3_column_bytes(statement, column)));
    };
    switch (sqlite3_column_type(statement, column)) {
        case SQLITE_INTEGER: return cell.set(std::int64_t{sqlite3_column_int64(statement, column)});
        case SQLITE_FLOAT:
            cell.kind = Cell::Kind::real;
            cell.real = sqlite3_column_double(statement, column);
            return;
        case SQLITE_TEXT: return cell.set(view(sqlite3_column_text(statement, column)));
        case SQLITE_BLOB:
            cell.set(view(sqlite3_column_blob(statement, column)));
            cell.kind = Cell::Kind::bytes;
            return;
        default: return;
    }
}

/// Whether there is SQL in a text, or but blanks and comments.
bool is_blank(sqlite3* connection, const char* sql) {
    sqlite3_stmt* prepared = nullptr;
    const auto status = sqlite3_prepare_v2(connection, sql, -1, &prepared, nullptr);
    const Statement statement(prepared);
    return status == SQLITE_OK && !statement;
}

}  // namespace

Result<std::unique_ptr<Engine>> Engine::open(std::span<Source* const> sources,
                                             const std::string& temp_folder) {
    if (sources.size() > most_sources)
        return fail(ErrorCode::usage, "query: {} sources at once: SQLite takes {}", sources.size(),
                    most_sources);
    if (!temp_folder.empty()) sqlite3_temp_directory = sqlite3_mprintf("%s", temp_folder.c_str());
    sqlite3_hard_heap_limit64(most_memory);
    std::unique_ptr<Engine> engine(new Engine);
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY | SQLITE_OPEN_NOMUTEX;
    sqlite3* connection = nullptr;
    const auto status = sqlite3_open_v2(":memory:", &connection, flags, nullptr);
    engine->connection_.reset(connection);
    if (status != SQLITE_OK) return engine->failure("");
    sqlite3_limit(connection, SQLITE_LIMIT_LENGTH, most_value);
    sqlite3_limit(connection, SQLITE_LIMIT_SQL_LENGTH, most_sql);
    sqlite3_limit(connection, SQLITE_LIMIT_LIKE_PATTERN_LENGTH, most_pattern);
    sqlite3_limit(connection, SQLITE_LIMIT_WORKER_THREADS, 0);
    for (std::size_t i = 0; i < sources.size(); ++i)
        SALVOR_CHECK(engine->add_source(i, *sources[i]));
    // SQLite makes these tables when they are first asked for, which the authorizer would refuse.
    constexpr const char* made_by_asking = "SELECT 1 FROM json_each('[]'), json_tree('[]')";
    if (sqlite3_exec(connection, made_by_asking, nullptr, nullptr, nullptr) != SQLITE_OK)
        return engine->failure(made_by_asking);
    sqlite3_limit(connection, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_db_config(connection, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_set_authorizer(connection, allow_reading, nullptr);
    return engine;
}

void Engine::Close::operator()(sqlite3* connection) const {
    sqlite3_close(connection);
}

Result<void> Engine::add_source(std::size_t place, Source& source) {
    sources_.push_back(&source);
    const auto schema = schema_name(place);
    auto* connection = connection_.get();
    const auto attach = fmt::format("ATTACH ':memory:' AS {}", schema);
    if (place > 0 &&
        sqlite3_exec(connection, attach.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
        return failure(attach);
    for (const auto* relation : relations()) {
        if (!add_table(connection, schema.c_str(), *relation, source)) return failure("");
    }
    return {};
}

void Engine::end_when(std::function<bool()> ends) {
    ends_ = std::move(ends);
    const auto ask = [](void* question) {
        return (*static_cast<std::function<bool()>*>(question))() ? 1 : 0;
    };
    sqlite3_progress_handler(connection_.get(), ends_ ? steps_between : 0, ask, &ends_);
}

Result<void> Engine::run(const std::string& sql, AnswerSink& sink) {
    // SQLite would end there, and leave out what follows.
    if (sql.find('\0') != std::string::npos)
        return fail(ErrorCode::usage, "query: byte {} of the SQL is 0", sql.find('\0'));
    sqlite3_stmt* prepared = nullptr;
    const char* rest = nullptr;
    const auto size = static_cast<int>(std::min<std::size_t>(sql.size(), most_sql + 1));
    const auto taken = sqlite3_prepare_v2(connection_.get(), sql.c_str(), size, &prepared, &rest);
    const Statement statement(prepared);
    if (taken != SQLITE_OK) return failure(sql);
    if (!statement) return fail(ErrorCode::usage, "query: there is no SQL in it");
    if (!is_blank(connection_.get(), rest))
        return fail(ErrorCode::usage,
                    "query: one statement at a time: `{}` stands behind the first",
                    text::escape(Bytes(rest).substr(0, shown_sql)));
    // What the authorizer is not asked of, as VACUUM, which would have the tables made anew.
    if (sqlite3_stmt_readonly(prepared) == 0)
        return fail(ErrorCode::usage, "query: SQL reads the snapshot's tables, and writes nothing");
    sink.begin(columns_of(prepared));
    std::vector<Cell> cells(static_cast<std::size_t>(sqlite3_column_count(prepared)));
    for (;;) {
        const auto status = sqlite3_step(prepared);
        if (status == SQLITE_DONE) return {};
        if (status != SQLITE_ROW) return failure(sql);
        for (std::size_t i = 0; i < cells.size(); ++i)
            read_cell(prepared, static_cast<int>(i), cells[i]);
        sink.row(cells);
    }
}

/// SQLite's own words, with the place in the statement where it knows one.
std::unexpected<Error> Engine::failure(const std::string& sql) const {
    for (auto* source : sources_) {
        if (source->failure()) return std::unexpected(*source->failure());
    }
    const auto status = sqlite3_errcode(connection_.get()) & 0xFF;
    const auto words = text::escape_message(sqlite3_errmsg(connection_.get()));
    if (status == SQLITE_NOMEM || status == SQLITE_TOOBIG)
        return fail(ErrorCode::too_large, "query: {}: it needs more than the {} MiB that SQL gets",
                    words, most_memory >> 20);
    if (status == SQLITE_INTERRUPT)
        return fail(ErrorCode::interrupted, "query: ended before its last row");
    if (status == SQLITE_FULL || status == SQLITE_IOERR)
        return fail(ErrorCode::io, "query: {}: its temporary files do not fit", words);
    if (status == SQLITE_AUTH)
        return fail(ErrorCode::usage,
                    "query: {}: SQL reads the snapshot's tables, and does "
                    "nothing else",
                    words);
    if (words.starts_with("no such table"))
        return fail(ErrorCode::usage, "query: {}; `.tables` lists those that there are", words);
    const auto at = sqlite3_error_offset(connection_.get());
    if (at < 0 || static_cast<std::size_t>(at) >= sql.size())
        return fail(ErrorCode::usage, "query: {}", words);
    return fail(ErrorCode::usage, "query: {}, at `{}`", words,
                text::escape(Bytes(sql).substr(static_cast<std::size_t>(at), shown_sql)));
}

}  // namespace salvor::query
