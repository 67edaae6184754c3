#pragma once

#include "core/cluster/convert/edit.hpp"

namespace salvor::convert {

/// A CustomResourceDefinition as v1beta1 or v1 stores it, as v1 serves it.
void serve_definition(Value& definition);

}  // namespace salvor::convert
