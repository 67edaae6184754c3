#include <array>
#include <utility>
#include <vector>

#include "core/query/field_sink.hpp"
#include "core/query/sql/live_rows.hpp"
#include "core/query/sql/object_parts.hpp"
#include "formats/kube/renderer.hpp"

namespace salvor::query {
namespace {

enum : std::size_t { key, resource, kind, namespace_name, name, revision, path, value };
constexpr std::array columns{
    Column{"key", "TEXT", "where the object is stored", Narrows::key},
    Column{"resource", "TEXT", "as get names it, deployments.apps", Narrows::resource},
    Column{"kind", "TEXT", "Deployment", Narrows::kind},
    Column{"namespace", "TEXT", "NULL: of the whole cluster", Narrows::namespace_name},
    Column{"name", "TEXT", "of the object", Narrows::name},
    Column{"revision", "INTEGER", "in which the object was last written", Narrows::revision},
    Column{"path", "TEXT", "as jsonpath has it, spec.containers[0].image"},
    Column{"value", "TEXT", "what stands there"},
};
/// So many bits of a row's id are the field's place within its object.
constexpr unsigned field_bits = 28;

class FieldRows : public Rows {
 public:
    FieldRows(Source& source, const Wanted& wanted) : source_(source), rows_(source, wanted) {}
    Result<bool> next() override {
        if (at_ + 1 < fields_.size()) {
            ++at_;
            return true;
        }
        do {
            fields_.clear();
            const auto* row = rows_.next();
            if (!row) return false;
            if (row->type()) read(*row);
        } while (fields_.empty());
        return true;
    }
    std::int64_t id() const override {
        return static_cast<std::int64_t>(rows_.place() << field_bits | at_);
    }
    void tell(std::size_t column, Cell& cell) override {
        const auto& field = fields_[at_];
        if (column == path) return cell.set_stored(field.path);
        if (column == value) return cell.set_stored(field.text);
        rows_.row().tell_key(columns[column].narrows, cell);
    }

 private:
    struct Told {
        std::string path, text;
    };
    void read(const Stored& row) {
        fields_.clear();
        at_ = 0;
        ObjectParts parts(source_, row);
        const auto* object = parts.value();
        if (!object) return;
        FieldSink* told = nullptr;
        FieldSink sink({}, [&](const Field& field) {
            if (field.kind != Field::Kind::name)
                fields_.push_back({told->path(), std::string(field.text)});
        });
        told = &sink;
        kube::tell(*object, sink);
    }

    Source& source_;
    LiveRows rows_;
    std::vector<Told> fields_;  ///< of one object
    std::size_t at_ = 0;
};

}  // namespace

const Relation fields_relation{"fields", "every field of every object, a row each", columns,
                               10'000'000,
                               [](Source& source, const Wanted& wanted) -> std::unique_ptr<Rows> {
                                   return std::make_unique<FieldRows>(source, wanted);
                               }};

}  // namespace salvor::query
