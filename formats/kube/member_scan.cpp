#include "formats/kube/member_scan.hpp"

#include <algorithm>

namespace salvor::kube {

std::string MemberScan::where() const {
    std::string path;
    for (std::size_t i = 0; i < depth_; ++i) {
        if (const auto* slot = room_->told[i])
            path.append(path.empty() ? "" : ".").append(slot->json_name);
    }
    return path.empty() ? "object" : path;
}

void MemberScan::any_entry(Bytes bytes, Entry& entry) {
    protozero::pbf_reader fields(bytes.data(), bytes.size());
    while (fields.next()) {
        if (fields.tag() == 1) {
            entry.key = delimited(fields);
        } else if (fields.tag() == 2 && fields.wire_type() == protozero::pbf_wire_type::varint) {
            entry.varint = fields.get_uint64();
        } else if (fields.tag() == 2) {
            entry.value = delimited(fields);
        } else {
            fields.skip();
        }
    }
}

Bytes MemberScan::delimited(protozero::pbf_reader& reader) {
    if (reader.wire_type() == protozero::pbf_wire_type::length_delimited)
        return view(reader.get_view());
    flaw(ErrorCode::malformed, fmt::format("{}: field {} has wire type {} and no length", where(),
                                           reader.tag(), static_cast<int>(reader.wire_type())));
}

void MemberScan::any_field(const Shape& shape, std::size_t table, protozero::pbf_reader& reader,
                           const char* at, std::size_t& hint, Members& members, Inlines& inlines) {
    const auto* known = decoder_of(shape.decoders[table], reader.tag(), hint);
    if (!known) return keep_unknown(reader, at);
    if (known->slot >= 0) {
        const auto slot = static_cast<std::size_t>(known->slot);
        return note(shape.slots[slot], members.at(slot), reader, at);
    }
    const Bytes nested = delimited(reader);
    auto* const last = inlines.all.begin() + inlines.count;
    auto* seen = std::find_if(inlines.all.begin(), last,
                              [&](const Inline& one) { return one.decoder == known; });
    if (seen == last) *seen = {known, {}, 0}, ++inlines.count;
    seen->bytes = nested;
    ++seen->count;
}

void MemberScan::keep_unknown(protozero::pbf_reader& reader, const char* at) {
    const auto number = reader.tag();
    reader.skip();
    if (unknown_.size() < max_unknown_named) unknown_.push_back({where(), number});
    pending_unknown_.emplace_back(number,
                                  Bytes(at, static_cast<std::size_t>(reader.data().data() - at)));
}

void MemberScan::note(const Slot& slot, Found& found, protozero::pbf_reader& reader,
                      const char* at) {
    switch (reader.wire_type()) {
        case protozero::pbf_wire_type::varint: found.varint = reader.get_uint64(); break;
        case protozero::pbf_wire_type::length_delimited: {
            const auto bytes = view(reader.get_view());
            found.data = bytes.data();
            found.size = bytes.size();
            break;
        }
        case protozero::pbf_wire_type::fixed64: found.varint = reader.get_fixed64(); break;
        default:
            flaw(ErrorCode::malformed,
                 fmt::format("{}: field {} has wire type {}", where(), slot.number,
                             static_cast<int>(reader.wire_type())));
    }
    if (reader.wire_type() != protozero::pbf_wire_type::length_delimited ||
        slot.type != schema::Type::string) {
        check_wire_type(slot, reader.wire_type());
    }
    if (found.count++ == 0) found.begin = at;
    found.end = reader.data().data();
}

void MemberScan::check_wire_type(const Slot& slot, protozero::pbf_wire_type type) {
    if (takes_wire_type(slot, type)) return;
    flaw(ErrorCode::malformed,
         fmt::format("{}.{}: field {} has wire type {}, its type needs {}", where(), slot.json_name,
                     slot.number, static_cast<int>(type), static_cast<int>(wire_type_of(slot))));
}

Bytes MemberScan::merged(Bytes bytes, std::uint32_t number) {
    merged_size_ += bytes.size();
    if (merged_size_ > max_merged_size)
        flaw(ErrorCode::too_large,
             fmt::format("{}: more than {} bytes of messages in parts", where(), max_merged_size));
    std::string all;
    protozero::pbf_reader reader(bytes.data(), bytes.size());
    while (reader.next()) {
        if (reader.tag() == number &&
            reader.wire_type() == protozero::pbf_wire_type::length_delimited) {
            all += view(reader.get_view());
        } else {
            reader.skip();
        }
    }
    return merged_.emplace_front(std::move(all));
}

void MemberScan::wrong_wire_type(const protozero::pbf_reader& reader,
                                 protozero::pbf_wire_type wanted) const {
    flaw(ErrorCode::malformed,
         fmt::format("{}: field {} of wire type {}, where {} is wanted", where(), reader.tag(),
                     static_cast<int>(reader.wire_type()), static_cast<int>(wanted)));
}

}  // namespace salvor::kube
