#pragma once

#include <optional>
#include <vector>

#include "formats/base/bytes.hpp"
#include "formats/kube/value.hpp"

// What an object's metadata says of whether it lives on: who owns it, and whether it is being
// deleted.
// Source: apimachinery pkg/apis/meta/v1/generated.proto

namespace salvor::kube {

struct Owner {
    Bytes api_version, kind, name, uid;
    bool is_controller = false;
};

struct Lifecycle {
    std::vector<Owner> owners;
    std::vector<Bytes> finalizers;
    bool is_deleted = false;        ///< metadata.deletionTimestamp is there
    std::int64_t grace_period = 0;  ///< deletionGracePeriodSeconds
};

/// Of a stored protobuf object's own message; views into it. `into` keeps its memory.
void read_lifecycle(Bytes message, Lifecycle& into);
/// Of a stored JSON or CBOR object; views into it and into `document`. Nothing is read of one that
/// names neither an owner, a finalizer nor a deletion.
void read_lifecycle(Bytes text, Document& document, Lifecycle& into);

}  // namespace salvor::kube
