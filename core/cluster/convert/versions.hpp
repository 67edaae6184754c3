#pragma once

#include "core/cluster/convert/conversion.hpp"
#include "core/cluster/convert/defaults.hpp"

namespace salvor::convert {

/// Built-in objects between the versions of their kind, as kube-apiserver converts them: from the
/// stored version, with that version's defaults, by way of the hub to the one that is asked for.
class Versions {
 public:
    explicit Versions(const kube::Schema& schema) : schema_(&schema), defaults_(schema) {}

    /// Whether a server has ever converted the one into the other.
    bool can(Bytes kind, Bytes from, Bytes to) const;
    /// The object says itself what it is. Where can() is false it gets its defaults alone.
    void convert(Value& object, Bytes to, kube::Document& document) const;

 private:
    const kube::Schema* schema_;
    Defaults defaults_;
};

}  // namespace salvor::convert
