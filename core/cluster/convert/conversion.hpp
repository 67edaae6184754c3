#pragma once

#include <span>

#include "core/cluster/convert/edit.hpp"

namespace salvor::convert {

/// How a kind of one version becomes the hub, the version that all others of its kind are converted
/// by, and how the hub becomes that version. nullptr: nothing but the name changes. The hub's own
/// version has an entry, too, where a server changes what it reads in that version.
struct Conversion {
    Bytes api_version;
    Bytes kind;
    void (*to_hub)(Value& object, Context& context);
    void (*from_hub)(Value& object, Context& context);
};

/// Source: kubernetes pkg/apis/*/*/conversion.go, 1.16 to 1.36; each group in a file of its name.
std::span<const Conversion> apps_conversions();
std::span<const Conversion> autoscaling_conversions();
std::span<const Conversion> core_conversions();
std::span<const Conversion> networking_conversions();
std::span<const Conversion> policy_conversions();
std::span<const Conversion> resource_conversions();

/// flowcontrol v1beta3: a zero that was set and is no default.
inline constexpr Bytes zero_shares_annotation =
    "flowcontrol.k8s.io/v1beta3-preserve-zero-concurrency-shares";

}  // namespace salvor::convert
