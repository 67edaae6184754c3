#pragma once

#include <set>
#include <string>

#include "core/cluster/select.hpp"

namespace salvor::cluster {

/// What the rules look at beyond the object itself.
struct Surroundings {
    std::set<std::string, std::less<>>
        selecting_services;  ///< "NAMESPACE/NAME" of those with a selector
};

/// An object on its way out. Views into the value, which the rules change.
struct Subject {
    const Object& object;
    kube::Value& value;  ///< as a server would serve it
    kube::Document& document;
    Bytes group;
    Bytes kind;
    Bytes namespace_name;
    Bytes name;

    bool is(Bytes of_group, Bytes of_kind) const { return group == of_group && kind == of_kind; }
    const kube::Value* at(std::initializer_list<std::string_view> path) const {
        return static_cast<const kube::Value&>(value).at(path);
    }
    /// "" where it is absent.
    Bytes annotation(Bytes key) const;
    Bytes label(Bytes key) const;
    bool has_annotation(Bytes key) const;
};

Subject subject_of(const Object& object, kube::Value& value, kube::Document& document);

}  // namespace salvor::cluster
