#pragma once

#include <array>
#include <cstdint>

#include "core/cluster/object_key.hpp"

namespace salvor::cluster {

/// The order in which manifests apply; a stage needs only those before it.
enum class Stage : std::uint8_t {
    namespaces,
    definitions,  ///< CRDs
    rbac,
    accounts,
    config,
    storage,
    workloads,  ///< Services before them
    custom,     ///< what CRDs define
    webhooks,   ///< and all else that stands between a client and the server
};
inline constexpr std::array stage_names{"1-namespaces", "2-definitions", "3-rbac",
                                        "4-accounts",   "5-config",      "6-storage",
                                        "7-workloads",  "8-custom",      "9-webhooks"};

/// By the key alone.
Stage stage_of(const ObjectKey& key);
/// Within a stage too: roles before their bindings, Services before workloads.
std::uint16_t rank_of(const ObjectKey& key);

}  // namespace salvor::cluster
