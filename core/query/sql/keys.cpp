#include <array>

#include "core/query/sql/live_rows.hpp"

namespace salvor::query {
namespace {

enum : std::size_t {
    key,
    resource,
    kind,
    namespace_name,
    name,
    create_revision,
    mod_revision,
    version,
    lease,
    value_size,
    value
};
constexpr std::array columns{
    Column{"key", "TEXT", "the key", Narrows::key},
    Column{"resource", "TEXT", "as get names it, deployments.apps; NULL: none of Kubernetes'",
           Narrows::resource},
    Column{"kind", "TEXT", "Deployment", Narrows::kind},
    Column{"namespace", "TEXT", "NULL: of the whole cluster", Narrows::namespace_name},
    Column{"name", "TEXT", "of the object", Narrows::name},
    Column{"create_revision", "INTEGER", "in which the key came to be"},
    Column{"revision", "INTEGER", "in which it was last written", Narrows::revision},
    Column{"version", "INTEGER", "how often it was written since"},
    Column{"lease", "INTEGER", "that it is attached to; 0: none"},
    Column{"value_size", "INTEGER", "bytes of the value as stored"},
    Column{"value", "", "the value as stored; of a Secret how many bytes"},
};

class KeyRows : public Rows {
 public:
    KeyRows(Source& source, const Wanted& wanted) : rows_(source, wanted) {}
    Result<bool> next() override { return rows_.next() != nullptr; }
    std::int64_t id() const override { return static_cast<std::int64_t>(rows_.place()); }
    void tell(std::size_t column, Cell& cell) override {
        const auto& stored = rows_.row();
        const auto& row = stored.row();
        switch (column) {
            case create_revision: return cell.set(row.create_revision);
            case version: return cell.set(row.version);
            case lease: return cell.set(row.lease);
            case value_size: return cell.set(static_cast<std::int64_t>(row.value.size()));
            case value: return stored.tell_value(cell);
            default: return stored.tell_key(columns[column].narrows, cell);
        }
    }

 private:
    LiveRows rows_;
};

}  // namespace

const Relation keys_relation{"keys", "the live keys, whatever they are of", columns, 300'000,
                             [](Source& source, const Wanted& wanted) -> std::unique_ptr<Rows> {
                                 return std::make_unique<KeyRows>(source, wanted);
                             }};

}  // namespace salvor::query
