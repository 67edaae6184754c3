#pragma once

#include <protozero/pbf_reader.hpp>
#include <string>

#include "formats/base/bytes.hpp"

namespace salvor::etcd {

/// One field of a protobuf message, taken once or skipped. A wire type that is not that of what is
/// asked for ends the reading, as in Go. All throw protozero::exception.
class MessageField {
 public:
    explicit MessageField(protozero::pbf_reader& reader) : reader_(&reader) {}
    std::uint32_t tag() const { return reader_->tag(); }
    bool has_length() const {
        return reader_->wire_type() == protozero::pbf_wire_type::length_delimited;
    }
    std::int64_t number() {
        need(reader_->wire_type() == protozero::pbf_wire_type::varint);
        return reader_->get_int64();
    }
    bool flag() { return number() != 0; }
    Bytes bytes() {
        need(has_length());
        const auto view = reader_->get_view();
        return {view.data(), view.size()};
    }
    std::string text() { return std::string(bytes()); }
    void skip() { reader_->skip(); }

 private:
    static void need(bool holds) {
        if (!holds) throw protozero::unknown_pbf_wire_type_exception{};
    }
    protozero::pbf_reader* reader_;
};

/// Calls `each(field)` for every field of a message.
template <class Each>
void for_each_field(Bytes message, Each&& each) {
    protozero::pbf_reader reader(message.data(), message.size());
    while (reader.next()) each(MessageField(reader));
}

}  // namespace salvor::etcd
