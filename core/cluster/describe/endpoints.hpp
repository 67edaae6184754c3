#pragma once

#include "core/cluster/describe/parts.hpp"

namespace salvor::describe {

/// From which release on a service's endpoints are those of its EndpointSlices.
constexpr std::uint8_t slices_are_asked_since = 31;

/// The first three addresses behind a service's port, and how many more; <none>.
std::string endpoints_of(const Subject& subject, std::string_view namespace_name,
                         std::string_view service, std::string_view port_name);

void describe_endpoints(const Subject& subject, Writer& out);
void describe_endpoint_slice(const Subject& subject, Writer& out);

}  // namespace salvor::describe
