#include "formats/kube/finalizers.hpp"

#include <protozero/pbf_reader.hpp>
#include <protozero/pbf_writer.hpp>

#include "formats/kube/json.hpp"
#include "formats/kube/sinks.hpp"
#include "formats/kube/stored.hpp"

namespace salvor::kube {
namespace {

constexpr protozero::pbf_tag_type raw_field = 2;          // of runtime.Unknown
constexpr protozero::pbf_tag_type metadata_field = 1;     // of every object
constexpr protozero::pbf_tag_type finalizers_field = 14;  // of ObjectMeta

/// The message's bytes, field by field; of the fields called `number` what `instead` makes.
template <class Instead>
std::string rewritten(Bytes message, protozero::pbf_tag_type number, Instead&& instead) {
    std::string out;
    protozero::pbf_writer writer(out);
    protozero::pbf_reader reader(message.data(), message.size());
    const auto* start = message.data();
    while (reader.next()) {
        const bool is_it = reader.tag() == number &&
                           reader.wire_type() == protozero::pbf_wire_type::length_delimited;
        Bytes content;
        if (is_it) {
            const auto view = reader.get_view();
            content = {view.data(), view.size()};
        } else {
            reader.skip();
        }
        const auto* end = message.data() + message.size() - reader.length();
        if (is_it) {
            instead(writer, content);
        } else {
            out.append(start, end);
        }
        start = end;
    }
    return out;
}

std::string without_finalizers_in_object(Bytes object) {
    return rewritten(object, metadata_field, [](protozero::pbf_writer& writer, Bytes metadata) {
        writer.add_message(metadata_field, rewritten(metadata, finalizers_field,
                                                     [](protozero::pbf_writer&, Bytes) {}));
    });
}

Result<std::string> of_protobuf(Bytes stored) try {
    const auto unknown = stored.substr(protobuf_magic.size());
    return std::string(protobuf_magic) +
           rewritten(unknown, raw_field, [](protozero::pbf_writer& writer, Bytes object) {
               writer.add_message(raw_field, without_finalizers_in_object(object));
           });
} catch (const protozero::exception& error) {
    return fail(ErrorCode::malformed, "a protobuf value of {} bytes does not parse: {}",
                stored.size(), error.what());
}

Result<std::string> of_json(Bytes stored) {
    Document document;
    SALVOR_TRY(auto object, parse_json(stored, document));
    if (auto* metadata = object.find("metadata")) metadata->erase("finalizers");
    std::string out;
    JsonSink json(out);
    tell(object, json);
    json.settle();
    return out + "\n";  // as an apiserver ends it
}

}  // namespace

Result<std::string> without_finalizers(Bytes stored) {
    switch (encoding_of(stored)) {
        case Encoding::protobuf: return of_protobuf(stored);
        case Encoding::json: return of_json(stored);
        default: break;
    }
    return fail(ErrorCode::unsupported, "a value that is neither protobuf nor JSON");
}

}  // namespace salvor::kube
