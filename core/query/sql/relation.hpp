#pragma once

#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "core/query/sql/cell.hpp"
#include "core/query/sql/source.hpp"

// The tables that SQL sees, each a file of this folder.

namespace salvor::query {

/// What a condition on a column spares the scan.
enum class Narrows : std::uint8_t { nothing, key, resource, kind, namespace_name, name, revision };

struct Column {
    const char* name;
    const char* type;  ///< INTEGER, TEXT; "": any
    const char* what;  ///< for `.schema` and the manual
    Narrows narrows = Narrows::nothing;
};

/// Conditions that all rows asked for fulfil. A scan may give more rows than these: SQLite looks
/// again.
struct Wanted {
    std::optional<std::string> key, resource, kind, namespace_name, name;
    std::int64_t first_revision = std::numeric_limits<std::int64_t>::min();
    std::int64_t last_revision = std::numeric_limits<std::int64_t>::max();
};

/// A scan's row after row.
class Rows {
 public:
    Rows() = default;
    Rows(const Rows&) = delete;
    Rows& operator=(const Rows&) = delete;
    virtual ~Rows() = default;
    /// False: there is none any more. Errors: malformed.
    virtual Result<bool> next() = 0;
    /// Of one row the same in every scan.
    virtual std::int64_t id() const = 0;
    /// `cell` is null until it is set.
    virtual void tell(std::size_t column, Cell& cell) = 0;
};

struct Relation {
    const char* name;
    const char* what;
    std::span<const Column> columns;
    /// About how many rows there are, for SQLite's choice of an order.
    double rows;
    std::unique_ptr<Rows> (*scan)(Source& source, const Wanted& wanted);
};

/// All of them, in the order in which they are listed.
std::span<const Relation* const> relations();
/// `CREATE TABLE keys(...)`; with what each column is, a line each.
std::string declaration(const Relation& relation);
std::string schema(const Relation& relation);

extern const Relation keys_relation, revisions_relation, objects_relation, fields_relation,
    leases_relation, pages_relation, findings_relation;

}  // namespace salvor::query
