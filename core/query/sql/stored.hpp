#pragma once

#include <optional>
#include <string>

#include "core/query/sql/relation.hpp"

namespace salvor::query {

/// A row of the store as SQL may see it: what of it is secret is never in it, so that no condition
/// can ask for it, unless secrets are shown.
class Stored {
 public:
    Stored(const Source& source, const etcd::KeyValue& row);

    const etcd::KeyValue& row() const { return row_; }
    /// The resource's type by the key; nullptr: none is known there.
    const cluster::ResourceType* type() const { return item_ ? item_->key.type : nullptr; }
    /// By all that the key and the revision tell; the object is not opened.
    bool holds(const Wanted& wanted) const;

    Bytes key() const { return source_->shows_secrets() ? row_.key : shown_key_; }
    Bytes namespace_name() const { return item_ ? item_->key.namespace_name : Bytes(); }
    std::string name() const;
    /// The stored bytes; where something of them is secret, or may be, how many they are.
    void tell_value(Cell& cell) const;
    /// key, resource, kind, api_group, namespace, name.
    void tell_key(Narrows part, Cell& cell) const;

    /// Opened once. nullptr: no object, or one that cannot be read; problem() says why.
    const cluster::Object* object() const;
    const std::string& problem() const { return problem_; }

 private:
    bool may_show_value() const;

    const Source* source_;
    etcd::KeyValue row_;
    std::optional<cluster::Item> item_;
    Bytes shown_key_;
    mutable std::optional<cluster::Object> object_;
    mutable bool is_opened_ = false;
    mutable std::string problem_;
};

}  // namespace salvor::query
