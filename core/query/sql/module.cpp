#include "core/query/sql/module.hpp"

#include <fmt/core.h>

#include <cstring>

// Virtual tables. Source: https://www.sqlite.org/vtab.html

namespace salvor::query {
namespace {

/// What a table's module is registered with.
struct Registration {
    const Relation* relation;
    Source* source;
};

struct Table : sqlite3_vtab {
    Registration of{};
};

struct Cursor : sqlite3_vtab_cursor {
    std::unique_ptr<Rows> rows;
    bool at_end = true;
};

Registration& registration(sqlite3_vtab_cursor* cursor) {
    return static_cast<Table*>(cursor->pVtab)->of;
}

int connect(sqlite3* connection, void* registered, int, const char* const*, sqlite3_vtab** table,
            char**) {
    auto* made = new Table{};
    made->of = *static_cast<Registration*>(registered);
    *table = made;
    return sqlite3_declare_vtab(connection, declaration(*made->of.relation).c_str());
}

int disconnect(sqlite3_vtab* table) {
    delete static_cast<Table*>(table);
    return SQLITE_OK;
}

/// How a condition is written into the plan, where `EXPLAIN QUERY PLAN` shows it; nullptr: it
/// spares the scan nothing.
const char* sign_of(const Column& column, int operation) {
    if (column.narrows == Narrows::nothing) return nullptr;
    if (operation == SQLITE_INDEX_CONSTRAINT_EQ) return "=";
    if (column.narrows != Narrows::revision) return nullptr;
    switch (operation) {
        case SQLITE_INDEX_CONSTRAINT_GT: return ">";
        case SQLITE_INDEX_CONSTRAINT_GE: return ">=";
        case SQLITE_INDEX_CONSTRAINT_LT: return "<";
        case SQLITE_INDEX_CONSTRAINT_LE: return "<=";
        default: return nullptr;
    }
}

/// About what part of all rows a condition leaves.
double part_left(Narrows narrows) {
    switch (narrows) {
        case Narrows::key: return 1e-5;
        case Narrows::name: return 1e-3;
        case Narrows::kind:
        case Narrows::resource: return 0.03;
        case Narrows::namespace_name: return 0.1;
        default: return 0.25;
    }
}

int best_index(sqlite3_vtab* table, sqlite3_index_info* info) {
    const auto& relation = *static_cast<Table*>(table)->of.relation;
    std::string plan;
    int taken = 0;
    double rows = relation.rows, seen = relation.rows;
    for (int i = 0; i < info->nConstraint; ++i) {
        const auto& constraint = info->aConstraint[i];
        if (!constraint.usable || constraint.iColumn < 0) continue;
        const auto& column = relation.columns[static_cast<std::size_t>(constraint.iColumn)];
        const auto* sign = sign_of(column, constraint.op);
        if (!sign || std::strcmp(sqlite3_vtab_collation(info, i), "BINARY") != 0) continue;
        info->aConstraintUsage[i].argvIndex = ++taken;
        plan += fmt::format("{}{}{}?", plan.empty() ? "" : " and ", column.name, sign);
        rows *= part_left(column.narrows);
        const bool passes_over =
            column.narrows != Narrows::name && column.narrows != Narrows::namespace_name;
        if (passes_over) seen *= part_left(column.narrows);
    }
    info->idxNum = taken;
    info->idxStr = sqlite3_mprintf("%s", plan.c_str());
    info->needToFreeIdxStr = 1;
    info->estimatedRows = static_cast<sqlite3_int64>(rows) + 1;
    // A name or a namespace alone leaves every key to look at.
    info->estimatedCost = rows + seen * 0.1 + 1;
    return info->idxStr ? SQLITE_OK : SQLITE_NOMEM;
}

int open(sqlite3_vtab*, sqlite3_vtab_cursor** cursor) {
    *cursor = new Cursor{};
    return SQLITE_OK;
}

int close(sqlite3_vtab_cursor* cursor) {
    delete static_cast<Cursor*>(cursor);
    return SQLITE_OK;
}

/// A value of another type than the column's says nothing here: SQLite compares it.
void take_text(std::optional<std::string>& wanted, sqlite3_value* value) {
    if (sqlite3_value_type(value) != SQLITE_TEXT) return;
    const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(value));
    if (text) wanted.emplace(text, static_cast<std::size_t>(sqlite3_value_bytes(value)));
}

void take_revision(Wanted& wanted, Bytes sign, sqlite3_value* value) {
    if (sqlite3_value_type(value) != SQLITE_INTEGER) return;
    const auto number = sqlite3_value_int64(value);
    if (sign.starts_with('=') || sign.starts_with('>'))
        wanted.first_revision = std::max<std::int64_t>(wanted.first_revision, number);
    if (sign.starts_with('=') || sign.starts_with('<'))
        wanted.last_revision = std::min<std::int64_t>(wanted.last_revision, number);
}

void take(Wanted& wanted, Narrows narrows, Bytes sign, sqlite3_value* value) {
    switch (narrows) {
        case Narrows::key: return take_text(wanted.key, value);
        case Narrows::resource: return take_text(wanted.resource, value);
        case Narrows::kind: return take_text(wanted.kind, value);
        case Narrows::namespace_name: return take_text(wanted.namespace_name, value);
        case Narrows::name: return take_text(wanted.name, value);
        case Narrows::revision: return take_revision(wanted, sign, value);
        case Narrows::nothing: return;
    }
}

/// What best_index() wrote: a column, a sign and a `?` each.
Wanted wanted_of(const Relation& relation, Bytes plan, int count, sqlite3_value** values) {
    Wanted wanted;
    for (int i = 0; i < count; ++i) {
        const auto sign = plan.find_first_of("=<>");
        if (sign == Bytes::npos) break;
        const auto name = plan.substr(0, sign);
        for (const auto& column : relation.columns) {
            if (name == column.name) take(wanted, column.narrows, plan.substr(sign), values[i]);
        }
        const auto next = plan.find(" and ");
        plan.remove_prefix(next == Bytes::npos ? plan.size() : next + 5);
    }
    return wanted;
}

int advance(sqlite3_vtab_cursor* base) {
    auto& cursor = *static_cast<Cursor*>(base);
    const auto more = cursor.rows->next();
    if (!more) {
        registration(base).source->note_failure(more.error());
        return SQLITE_ERROR;
    }
    cursor.at_end = !*more;
    return SQLITE_OK;
}

int filter(sqlite3_vtab_cursor* base, int, const char* plan, int count, sqlite3_value** values) {
    auto& cursor = *static_cast<Cursor*>(base);
    const auto& of = registration(base);
    cursor.rows =
        of.relation->scan(*of.source, wanted_of(*of.relation, plan ? plan : "", count, values));
    return advance(base);
}

int at_end(sqlite3_vtab_cursor* cursor) {
    return static_cast<Cursor*>(cursor)->at_end ? 1 : 0;
}

int tell(sqlite3_vtab_cursor* base, sqlite3_context* context, int column) {
    Cell cell;
    static_cast<Cursor*>(base)->rows->tell(static_cast<std::size_t>(column), cell);
    const auto size = static_cast<sqlite3_uint64>(cell.view.size());
    // SQLite takes no bytes at no place for NULL.
    const auto* bytes = cell.view.empty() ? "" : cell.view.data();
    switch (cell.kind) {
        case Cell::Kind::null: sqlite3_result_null(context); break;
        case Cell::Kind::integer: sqlite3_result_int64(context, cell.integer); break;
        case Cell::Kind::real: sqlite3_result_double(context, cell.real); break;
        case Cell::Kind::text:
            sqlite3_result_text64(context, bytes, size, SQLITE_TRANSIENT, SQLITE_UTF8);
            break;
        case Cell::Kind::bytes:
            sqlite3_result_blob64(context, bytes, size, SQLITE_TRANSIENT);
            break;
    }
    return SQLITE_OK;
}

int row_id(sqlite3_vtab_cursor* cursor, sqlite3_int64* id) {
    *id = static_cast<Cursor*>(cursor)->rows->id();
    return SQLITE_OK;
}

sqlite3_module module_of_tables() {
    sqlite3_module module{};
    module.xCreate = connect;
    module.xConnect = connect;
    module.xBestIndex = best_index;
    module.xDisconnect = disconnect;
    module.xDestroy = disconnect;
    module.xOpen = open;
    module.xClose = close;
    module.xFilter = filter;
    module.xNext = advance;
    module.xEof = at_end;
    module.xColumn = tell;
    module.xRowid = row_id;
    return module;
}

}  // namespace

bool add_table(sqlite3* connection, const char* schema, const Relation& relation, Source& source) {
    static const sqlite3_module module = module_of_tables();
    const auto name = fmt::format("salvor_{}_{}", schema, relation.name);
    auto* registered = new Registration{&relation, &source};
    const auto forget = [](void* one) { delete static_cast<Registration*>(one); };
    if (sqlite3_create_module_v2(connection, name.c_str(), &module, registered, forget) !=
        SQLITE_OK)
        return false;
    const auto sql =
        fmt::format("CREATE VIRTUAL TABLE \"{}\".\"{}\" USING {}", schema, relation.name, name);
    return sqlite3_exec(connection, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK;
}

}  // namespace salvor::query
