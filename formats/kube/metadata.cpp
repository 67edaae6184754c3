#include "formats/kube/metadata.hpp"

#include <protozero/pbf_reader.hpp>

#include <limits>

#include "formats/kube/cbor.hpp"
#include "formats/kube/fields.hpp"
#include "formats/kube/json_text.hpp"
#include "formats/kube/render.hpp"
#include "formats/kube/stored.hpp"

namespace salvor::kube {
namespace {

using protozero::pbf_wire_type;
using protozero::tag_and_type;

constexpr protozero::pbf_tag_type metadata_field = 1;

Bytes view(const protozero::data_view& data) {
    return {data.data(), data.size()};
}

std::pair<Bytes, Bytes> read_entry(protozero::pbf_reader entry) {
    std::pair<Bytes, Bytes> found;
    while (entry.next()) {
        switch (entry.tag_and_type()) {
            case tag_and_type(1, pbf_wire_type::length_delimited):
                found.first = view(entry.get_view());
                break;
            case tag_and_type(2, pbf_wire_type::length_delimited):
                found.second = view(entry.get_view());
                break;
            default: entry.skip();
        }
    }
    return found;
}

Bytes read_owner_uid(protozero::pbf_reader owner) {
    Bytes uid;
    while (owner.next()) {
        if (owner.tag_and_type() == tag_and_type(4, pbf_wire_type::length_delimited)) {
            uid = view(owner.get_view());
        } else {
            owner.skip();
        }
    }
    return uid;
}

void read_fields(protozero::pbf_reader reader, Metadata& metadata) {
    while (reader.next()) {
        switch (reader.tag_and_type()) {
            case tag_and_type(1, pbf_wire_type::length_delimited):
                metadata.name = view(reader.get_view());
                break;
            case tag_and_type(3, pbf_wire_type::length_delimited):
                metadata.namespace_name = view(reader.get_view());
                break;
            case tag_and_type(5, pbf_wire_type::length_delimited):
                metadata.uid = view(reader.get_view());
                break;
            case tag_and_type(11, pbf_wire_type::length_delimited):
                metadata.labels.push_back(read_entry(reader.get_message()));
                break;
            case tag_and_type(13, pbf_wire_type::length_delimited):
                metadata.owner_uids.push_back(read_owner_uid(reader.get_message()));
                break;
            default: reader.skip();
        }
    }
}

}  // namespace

Result<Metadata> read_metadata(Bytes message) {
    Metadata metadata;
    try {
        protozero::pbf_reader reader(message.data(), message.size());
        while (reader.next()) {
            if (reader.tag() == metadata_field &&
                reader.wire_type() == pbf_wire_type::length_delimited) {
                read_fields(reader.get_message(), metadata);
            } else {
                reader.skip();
            }
        }
    } catch (const protozero::exception& error) {
        return fail(ErrorCode::malformed, "the metadata of a message of {} bytes: {}",
                    message.size(), error.what());
    }
    return metadata;
}

namespace {

std::string last_manager_of_message(Bytes message) {
    Bytes manager;
    std::int64_t newest = std::numeric_limits<std::int64_t>::min();
    each_field(bytes_at(message, {metadata_field}), 17, [&](const FieldValue& entry) {
        const auto seconds = field_at(entry.bytes, {4 /* time */, 1});
        const auto time = seconds ? static_cast<std::int64_t>(seconds->number) : 0;
        if (time < newest) return;
        newest = time;
        manager = bytes_at(entry.bytes, {1});
    });
    return std::string(manager);
}

/// Of several of one time the last.
class LastOfDocument {
 public:
    void take(Bytes manager, Bytes time) {
        if (time < newest_) return;  // RFC 3339 in UTC, which sorts as text
        newest_ = time;
        manager_ = manager;
    }
    std::string name() const { return std::string(manager_); }

 private:
    Bytes manager_, newest_;
};

std::string last_manager_of_document(Bytes text) {
    LastOfDocument last;
    if (const auto json = is_cbor(text) ? std::nullopt : JsonText::parse(text)) {
        json->each_manager([&](Bytes manager, Bytes time) { last.take(manager, time); });
        return last.name();
    }
    Document document;
    const auto object = parse_any(text, document);
    const auto* managed = object ? object->at({"metadata", "managedFields"}) : nullptr;
    if (!managed) return {};
    for (const auto& entry : managed->items) last.take(entry.text("manager"), entry.text("time"));
    return last.name();
}

}  // namespace

std::string last_manager(Bytes value) {
    switch (encoding_of(value)) {
        case Encoding::protobuf: {
            const auto envelope = open_envelope(value);
            return envelope ? last_manager_of_message(envelope->raw) : std::string();
        }
        case Encoding::json:
        case Encoding::cbor: return last_manager_of_document(value);
        case Encoding::encrypted:
        case Encoding::other: break;
    }
    return {};
}

}  // namespace salvor::kube
