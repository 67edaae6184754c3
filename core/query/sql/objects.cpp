#include <array>

#include "core/query/sql/live_rows.hpp"
#include "core/query/sql/object_parts.hpp"

namespace salvor::query {
namespace {

enum : std::size_t {
    key,
    resource,
    kind,
    api_version,
    namespace_name,
    name,
    uid,
    created,
    labels,
    annotations,
    owners,
    spec,
    status,
    object,
    revision,
    create_revision,
    version,
    value_size,
    encoding,
    problem
};
constexpr std::array columns{
    Column{"key", "TEXT", "where it is stored", Narrows::key},
    Column{"resource", "TEXT", "as get names it, deployments.apps", Narrows::resource},
    Column{"kind", "TEXT", "Deployment", Narrows::kind},
    Column{"api_version", "TEXT", "apps/v1, as stored"},
    Column{"namespace", "TEXT", "NULL: of the whole cluster", Narrows::namespace_name},
    Column{"name", "TEXT", "of the object", Narrows::name},
    Column{"uid", "TEXT", "metadata.uid"},
    Column{"created", "TEXT", "metadata.creationTimestamp"},
    Column{"labels", "TEXT", "metadata.labels, JSON"},
    Column{"annotations", "TEXT", "metadata.annotations, JSON"},
    Column{"owners", "TEXT", "metadata.ownerReferences, JSON"},
    Column{"spec", "TEXT", "JSON"},
    Column{"status", "TEXT", "JSON"},
    Column{"object", "TEXT", "all of it, JSON as get -o json prints it"},
    Column{"revision", "INTEGER", "in which it was last written, its resourceVersion",
           Narrows::revision},
    Column{"create_revision", "INTEGER", "in which it came to be"},
    Column{"version", "INTEGER", "how often it was written since"},
    Column{"value_size", "INTEGER", "bytes of the value as stored"},
    Column{"encoding", "TEXT", "protobuf, json, cbor, encrypted or other"},
    Column{"problem", "TEXT", "why it cannot be read; NULL: it can"},
};

const char* name_of(kube::Encoding encoding) {
    switch (encoding) {
        case kube::Encoding::protobuf: return "protobuf";
        case kube::Encoding::json: return "json";
        case kube::Encoding::cbor: return "cbor";
        case kube::Encoding::encrypted: return "encrypted";
        default: return "other";
    }
}

class ObjectRows : public Rows {
 public:
    ObjectRows(Source& source, const Wanted& wanted) : source_(source), rows_(source, wanted) {}
    Result<bool> next() override {
        parts_.reset();
        const auto* row = rows_.next();
        while (row && !row->type()) row = rows_.next();
        if (row) parts_.emplace(source_, *row);
        return row != nullptr;
    }
    std::int64_t id() const override { return static_cast<std::int64_t>(rows_.place()); }
    void tell(std::size_t column, Cell& cell) override {
        const auto& stored = rows_.row();
        const auto& row = stored.row();
        switch (column) {
            case api_version:
                if (stored.object()) cell.set_or_null(stored.object()->api_version());
                return;
            case uid: return parts_->tell({"metadata", "uid"}, cell);
            case created: return parts_->tell({"metadata", "creationTimestamp"}, cell);
            case labels: return parts_->tell({"metadata", "labels"}, cell);
            case annotations: return parts_->tell({"metadata", "annotations"}, cell);
            case owners: return parts_->tell({"metadata", "ownerReferences"}, cell);
            case spec: return parts_->tell({"spec"}, cell);
            case status: return parts_->tell({"status"}, cell);
            case object: return parts_->tell({}, cell);
            case create_revision: return cell.set(row.create_revision);
            case version: return cell.set(row.version);
            case value_size: return cell.set(static_cast<std::int64_t>(row.value.size()));
            case encoding: return cell.set(Bytes(name_of(kube::encoding_of(row.value))));
            case problem: parts_->value(); return cell.set_or_null(parts_->problem());
            default: return stored.tell_key(columns[column].narrows, cell);
        }
    }

 private:
    Source& source_;
    LiveRows rows_;
    std::optional<ObjectParts> parts_;
};

}  // namespace

const Relation objects_relation{"objects", "Kubernetes' live objects", columns, 250'000,
                                [](Source& source, const Wanted& wanted) -> std::unique_ptr<Rows> {
                                    return std::make_unique<ObjectRows>(source, wanted);
                                }};

}  // namespace salvor::query
