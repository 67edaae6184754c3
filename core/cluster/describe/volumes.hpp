#pragma once

#include "core/cluster/describe/parts.hpp"

namespace salvor::describe {

/// A pod's volumes.
void volumes(const Subject& subject, Writer& out, const Value& pod_spec, std::string_view indent);
/// What lies behind a PersistentVolume.
void volume_source(const Value& volume_spec, Writer& out);
/// A claim, or (not full) one's template.
void claim(const Subject& subject, Writer& out, const Value& claim, bool is_full);
std::string claim_class(const Value& claim);
/// RWO, ROX, RWX, RWOP as they are there.
std::string access_modes(const Value& value, std::string_view path);

}  // namespace salvor::describe
