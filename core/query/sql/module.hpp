#pragma once

#include <sqlite3.h>

#include "core/query/sql/relation.hpp"

namespace salvor::query {

/// Makes a relation a table of the connection's schema `schema`. The source must outlive the
/// connection. False: SQLite says why.
bool add_table(sqlite3* connection, const char* schema, const Relation& relation, Source& source);

}  // namespace salvor::query
