#pragma once

#include <protozero/pbf_reader.hpp>

#include <cstdint>
#include <initializer_list>
#include <optional>

#include "formats/base/bytes.hpp"

// A stored message read by the numbers of its fields, nothing built. For those who look at a
// message that was checked before: what does not parse ends the reading and says nothing.

namespace salvor::kube {

/// One field as it stands: bytes where it has a length, else a number.
struct FieldValue {
    Bytes bytes;
    std::uint64_t number = 0;
};

/// Calls `each(number, value)` for the fields that are a varint or have a length, in their order.
template <class Each>
void each_field(Bytes message, Each&& each) try {
    protozero::pbf_reader reader(message.data(), message.size());
    while (reader.next()) {
        const auto number = reader.tag();  // reading the value forgets it
        switch (reader.wire_type()) {
            case protozero::pbf_wire_type::length_delimited: {
                const auto view = reader.get_view();
                each(number, FieldValue{{view.data(), view.size()}, 0});
                break;
            }
            case protozero::pbf_wire_type::varint:
                each(number, FieldValue{{}, reader.get_uint64()});
                break;
            default: reader.skip();
        }
    }
} catch (const protozero::exception&) {
}

/// The same for the fields of one number.
template <class Each>
void each_field(Bytes message, protozero::pbf_tag_type number, Each&& each) {
    each_field(message, [&](protozero::pbf_tag_type found, const FieldValue& value) {
        if (found == number) each(value);
    });
}

/// The field at the end of a path of messages, the last of several; nullopt where it is absent.
std::optional<FieldValue> field_at(Bytes message,
                                   std::initializer_list<protozero::pbf_tag_type> path);
/// Its bytes; empty where it is absent.
Bytes bytes_at(Bytes message, std::initializer_list<protozero::pbf_tag_type> path);
/// A map's value by its key; nullopt where there is none.
std::optional<Bytes> entry_of(Bytes message, protozero::pbf_tag_type map, Bytes key);

}  // namespace salvor::kube
