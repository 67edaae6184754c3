#pragma once

#include <protozero/types.hpp>

#include <cstdint>
#include <vector>

#include "formats/kube/schema/schema.hpp"

// How a member of a message stands on the wire; whoever walks a message needs both.

namespace salvor::kube {

inline protozero::pbf_wire_type wire_type_of(const Slot& slot) {
    using schema::Type;
    if (slot.label == schema::Label::map) return protozero::pbf_wire_type::length_delimited;
    switch (slot.type) {
        case Type::int32:
        case Type::int64:
        case Type::uint32:
        case Type::boolean: return protozero::pbf_wire_type::varint;
        case Type::real: return protozero::pbf_wire_type::fixed64;
        case Type::string:
        case Type::bytes:
        case Type::message: break;
    }
    return protozero::pbf_wire_type::length_delimited;
}

/// Whether the member may come with this wire type: its own, or as a packed list of numbers.
inline bool takes_wire_type(const Slot& slot, protozero::pbf_wire_type type) {
    return type == wire_type_of(slot) || (type == protozero::pbf_wire_type::length_delimited &&
                                          slot.label == schema::Label::repeated);
}

/// Fields mostly come in ascending order, so the search goes on from `hint`, where it was; nullptr:
/// not in the table.
inline const Decoder* decoder_of(const std::vector<Decoder>& decoders, std::uint32_t number,
                                 std::size_t& hint) {
    for (std::size_t tried = 0; tried < decoders.size(); ++tried) {
        if (hint == decoders.size()) hint = 0;
        if (decoders[hint].number == number) return &decoders[hint];
        ++hint;
    }
    return nullptr;
}

}  // namespace salvor::kube
