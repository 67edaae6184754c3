#include "core/query/sql/object_parts.hpp"

namespace salvor::query {

const kube::Value* ObjectParts::value() {
    const auto* object = is_decoded_ ? nullptr : stored_->object();
    if (object) {
        auto value = source_->presenter()->value(*object, document_);
        if (value) {
            value_ = std::move(*value);
        } else {
            problem_ = value.error().message;
        }
    }
    is_decoded_ = true;
    return value_ ? &*value_ : nullptr;
}

void ObjectParts::tell(std::initializer_list<std::string_view> path, Cell& cell) {
    const auto* whole = value();
    const auto* part = whole && path.size() > 0 ? whole->at(path) : whole;
    if (!part || part->is_null()) return;
    if (part->is_string()) {
        cell.made = part->string;
        return cell.set_stored(cell.made);
    }
    std::string json;
    kube::JsonSink sink(json);
    kube::tell(*part, sink);
    cell.set_made(std::move(json));
}

}  // namespace salvor::query
