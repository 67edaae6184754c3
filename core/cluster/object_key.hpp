#pragma once

#include "core/cluster/catalog.hpp"
#include "formats/base/bytes.hpp"

namespace salvor::cluster {

/// A key taken apart. Views into the key.
struct ObjectKey {
    const ResourceType* type = nullptr;  ///< nullptr: below the registry, of no known resource
    Bytes namespace_name;                ///< empty: cluster-scoped
    Bytes name;
};

/// Splits what stands below a registry's prefix by the resource's place and scope.
ObjectKey parse_key(const Catalog& catalog, Bytes below);
/// The same where the type is known: `rest` stands below the type's place.
ObjectKey parse_rest(const ResourceType& type, Bytes rest);

}  // namespace salvor::cluster
