#pragma once

#include "core/cluster/convert/edit.hpp"

namespace salvor::convert {

/// What a server fills into Services and PersistentVolumeClaims of core/v1 whenever it reads them,
/// because older ones lack it. Source: kubernetes pkg/registry/core/*/storage
void fill_on_read(Value& object, std::uint8_t release);

}  // namespace salvor::convert
