#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/timeline/rows.hpp"
#include "core/verify/host/matches.hpp"

namespace salvor::verify {

/// An address in 128 bits, IPv4 as ::ffff:a.b.c.d.
struct Address {
    std::array<std::uint64_t, 2> bits{};
    auto operator<=>(const Address&) const = default;
};

/// An address or a port that an object has, and a hash of the Service's namespace and name.
struct AddressUse {
    Address address;
    std::uint64_t service;
    timeline::RowPosition position;
    auto operator<=>(const AddressUse&) const = default;
};
struct PortUse {
    std::uint32_t port;
    timeline::RowPosition position;
    auto operator<=>(const PortUse&) const = default;
};

/// What a RangeAllocation says: "10.96.0.0/12" and the bits of what is allocated in it.
struct Allocation {
    std::string range, bits;
    timeline::RowPosition position;
};

/// Versions of a CRD.
struct DefinedVersions {
    std::vector<std::string> versions, stored;
};
/// In which apiVersion the objects of a CRD are stored.
struct StoredVersion {
    std::uint64_t objects = 0;
    timeline::RowPosition first{};
};

/// A PodDisruptionBudget's selector, a message LabelSelector; nullopt: it has none.
struct Budget {
    std::string namespace_name;
    std::optional<std::string> selector;
    timeline::RowPosition position{};
};

/// What is gathered of objects for the questions that many of them answer together: 32 bytes for an
/// address, 16 for a port, 8 for a pod.
struct Tallies {
    std::vector<AddressUse> service_addresses, address_objects;
    std::vector<PortUse> node_ports;
    std::vector<std::string> service_ranges;
    std::vector<Allocation> address_allocations, port_allocations;
    std::map<std::string, DefinedVersions> defined;                       ///< by "plural.group"
    std::map<std::pair<std::string, std::string>, StoredVersion> stored;  ///< and the version

    HostMatches host;
    std::vector<Budget> budgets;
    std::vector<timeline::RowPosition> pods;

    /// Takes the other's in, which is empty afterwards.
    void take(Tallies& other);
};

}  // namespace salvor::verify
