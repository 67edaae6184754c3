#include "core/query/sql/stored.hpp"

namespace salvor::query {

Stored::Stored(const Source& source, const etcd::KeyValue& row)
    : source_(&source), row_(row), shown_key_(cluster::without_token(row.key)) {
    if (source.cluster()) item_ = source.cluster()->item(row);
}

std::string Stored::name() const {
    if (!item_) return {};
    const bool has_secret = shown_key_.size() != row_.key.size();
    if (!has_secret || source_->shows_secrets()) return std::string(item_->key.name);
    return source_->redactor().in_place_of(item_->key.name);
}

bool Stored::holds(const Wanted& wanted) const {
    if (row_.mod_revision < wanted.first_revision || row_.mod_revision > wanted.last_revision)
        return false;
    if (wanted.key && *wanted.key != key()) return false;
    const auto* type = this->type();
    if (wanted.resource && (!type || type->full_name() != *wanted.resource)) return false;
    if (wanted.kind && (!type || type->kind != *wanted.kind)) return false;
    if (wanted.namespace_name && namespace_name() != *wanted.namespace_name) return false;
    return !wanted.name || name() == *wanted.name;
}

const cluster::Object* Stored::object() const {
    if (!is_opened_ && item_ && !row_.value.empty()) {
        is_opened_ = true;
        auto opened = source_->cluster()->open_object(*item_);
        if (opened) {
            object_.emplace(std::move(*opened));
        } else {
            problem_ = opened.error().message;
        }
    }
    return object_ ? &*object_ : nullptr;
}

/// What is encrypted is no secret as it lies there; what cannot be read may be one.
bool Stored::may_show_value() const {
    if (source_->shows_secrets() || !item_) return true;
    if (shown_key_.size() != row_.key.size()) return false;
    if (kube::encoding_of(row_.value) == kube::Encoding::encrypted) return true;
    const auto* object = this->object();
    return object && !cluster::Redactor::concerns(*object);
}

void Stored::tell_value(Cell& cell) const {
    if (may_show_value()) return cell.set_stored(row_.value);
    cell.set_made(source_->redactor().in_place_of(row_.value));
}

void Stored::tell_key(Narrows part, Cell& cell) const {
    const auto* type = this->type();
    switch (part) {
        case Narrows::key: return cell.set_stored(key());
        case Narrows::resource:
            if (type && !type->plural.empty()) cell.set_made(type->full_name());
            return;
        case Narrows::kind:
            if (type) cell.set(type->kind);
            return;
        case Narrows::namespace_name:
            if (!namespace_name().empty()) cell.set_stored(namespace_name());
            return;
        case Narrows::name:
            if (item_ && !item_->key.name.empty()) {
                cell.made = name();
                cell.set_stored(cell.made);
            }
            return;
        case Narrows::revision: return cell.set(row_.mod_revision);
        case Narrows::nothing: return;
    }
}

}  // namespace salvor::query
