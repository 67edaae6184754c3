#pragma once

#include <string>
#include <vector>

#include "formats/kube/value.hpp"

// Who wrote an object, by its managedFields. A manager is a name that the client chose, no
// identity.

namespace salvor::cluster {

struct Writer {
    std::string manager;
    std::string operation;  ///< Apply or Update
    std::string subresource;
    std::string time;  ///< RFC 3339; empty: none
    bool operator==(const Writer&) const = default;
};

/// What an object's managedFields say; nullptr: there are none.
std::vector<Writer> writers_in(const kube::Value* managed_fields);

/// An object and its managedFields, which may have been taken out of it.
struct Managed {
    const kube::Value& object;
    const kube::Value* fields;
};
/// Who made one state of the other: whose entries are new or have another time. A manager that
/// writes twice within a second leaves its entry as it was: where none is new, those who own a
/// field whose value is another one, which whoever sets it takes from all others.
std::vector<Writer> writers_between(const Managed& before, const Managed& after);

}  // namespace salvor::cluster
