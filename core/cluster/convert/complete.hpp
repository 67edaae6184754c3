#pragma once

#include "core/cluster/convert/edit.hpp"

namespace salvor::convert {

/// Gives an object the members that its type shows where nothing is set, and takes from it those
/// that its type does not show where they are zero, or does not have.
/// Rules: formats/kube/FORMAT.md, "from protobuf to JSON".
void complete(Value& object, const kube::Shape& shape, const kube::Schema& schema);

}  // namespace salvor::convert
