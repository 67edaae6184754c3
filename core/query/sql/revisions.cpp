#include <array>

#include "core/query/sql/object_parts.hpp"
#include "core/timeline/rows.hpp"
#include "formats/bbolt/tree.hpp"
#include "formats/text/time.hpp"

namespace salvor::query {
namespace {

enum : std::size_t {
    revision,
    sub,
    key,
    resource,
    kind,
    namespace_name,
    name,
    deleted,
    create_revision,
    version,
    lease,
    value_size,
    time,
    value,
    object
};
constexpr std::array columns{
    Column{"revision", "INTEGER", "of the transaction", Narrows::revision},
    Column{"sub", "INTEGER", "which change within it, from 0"},
    Column{"key", "TEXT", "the key that was written", Narrows::key},
    Column{"resource", "TEXT", "as get names it; NULL: none of Kubernetes'", Narrows::resource},
    Column{"kind", "TEXT", "Deployment", Narrows::kind},
    Column{"namespace", "TEXT", "NULL: of the whole cluster", Narrows::namespace_name},
    Column{"name", "TEXT", "of the object", Narrows::name},
    Column{"deleted", "INTEGER", "1: the key was deleted"},
    Column{"create_revision", "INTEGER", "in which the key came to be; NULL: deleted"},
    Column{"version", "INTEGER", "how often it was written since; NULL: deleted"},
    Column{"lease", "INTEGER", "that it is attached to; 0: none"},
    Column{"value_size", "INTEGER", "bytes of the value as stored"},
    Column{"time", "TEXT", "when, as far as the objects tell: never later than it was"},
    Column{"value", "", "the value as stored; of a Secret how many bytes"},
    Column{"object", "TEXT", "the object as it was, JSON"},
};

/// The rows of the `key` bucket from the first revision that is asked for to the last.
class RevisionRows : public Rows {
 public:
    RevisionRows(Source& source, const Wanted& wanted) : source_(source), wanted_(wanted) {}

    Result<bool> next() override {
        parts_.reset();
        for (;;) {
            if (!leaf_ || at_ >= leaf_->count()) {
                SALVOR_TRY(leaf_, next_leaf());
                if (!leaf_) return false;
                if ((seen_ += leaf_->count()) > timeline::max_rows(source_.db()))
                    return timeline::too_many_rows(source_.db());
                continue;
            }
            position_ = leaf_->element_offset(at_);
            SALVOR_TRY(row_, timeline::row_of(source_.db(), leaf_->leaf(at_++)));
            if (row_.row_key.revision.main > wanted_.last_revision) return false;
            SALVOR_TRY(auto kv, timeline::key_value_of(source_.db(), row_));
            kv.mod_revision = row_.row_key.revision.main;
            stored_.emplace(source_, kv);
            if (!stored_->holds(wanted_)) continue;
            parts_.emplace(source_, *stored_);
            return true;
        }
    }
    std::int64_t id() const override { return static_cast<std::int64_t>(position_); }
    void tell(std::size_t column, Cell& cell) override {
        const auto& row = stored_->row();
        const bool is_deleted = row_.row_key.tombstone;
        switch (column) {
            case sub: return cell.set(row_.row_key.revision.sub);
            case deleted: return cell.set(std::int64_t{is_deleted});
            case create_revision:
                if (!is_deleted) cell.set(row.create_revision);
                return;
            case version:
                if (!is_deleted) cell.set(row.version);
                return;
            case lease: return cell.set(row.lease);
            case value_size: return cell.set(static_cast<std::int64_t>(row.value.size()));
            case time: return tell_time(cell);
            case value:
                if (!is_deleted) stored_->tell_value(cell);
                return;
            case object:
                if (!is_deleted && stored_->type()) parts_->tell({}, cell);
                return;
            default: return stored_->tell_key(columns[column].narrows, cell);
        }
    }

 private:
    Result<const bbolt::PageView*> next_leaf() {
        at_ = 0;
        if (leaves_) return leaves_->next();
        SALVOR_TRY(const auto bucket, source_.db().bucket(etcd::buckets::key));
        if (!bucket) return nullptr;
        leaves_.emplace(source_.db(), *bucket);
        const auto first = std::max<std::int64_t>(wanted_.first_revision, 0);
        const auto start = etcd::encode_revision({first, 0});
        auto leaf = leaves_->seek(Bytes(start.data(), start.size()));
        at_ = leaves_->index();
        return leaf;
    }
    void tell_time(Cell& cell) {
        const auto time = source_.time_of(row_.row_key.revision.main);
        if (time && *time) cell.set_made(text::rfc3339(**time));
    }

    Source& source_;
    Wanted wanted_;
    std::optional<bbolt::Leaves> leaves_;
    const bbolt::PageView* leaf_ = nullptr;
    std::size_t at_ = 0;
    std::uint64_t seen_ = 0, position_ = 0;
    timeline::Row row_{};
    std::optional<Stored> stored_;
    std::optional<ObjectParts> parts_;
};

}  // namespace

const Relation revisions_relation{
    "revisions", "every kept revision of every key, deletions too", columns, 500'000,
    [](Source& source, const Wanted& wanted) -> std::unique_ptr<Rows> {
        return std::make_unique<RevisionRows>(source, wanted);
    }};

}  // namespace salvor::query
