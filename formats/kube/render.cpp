#include "formats/kube/render.hpp"

#include <protozero/pbf_reader.hpp>

#include <map>
#include <optional>

#include "formats/kube/cbor.hpp"
#include "formats/kube/json.hpp"
#include "formats/kube/sinks.hpp"
#include "formats/kube/special.hpp"
#include "formats/text/key_order.hpp"

namespace salvor::kube {

bool key_before(Order order, std::string_view a, std::string_view b) {
    return order == Order::json ? a < b : text::key_less(a, b);
}

Result<Value> parse_any(Bytes bytes, Document& document) {
    return is_cbor(bytes) ? parse_cbor(bytes, document) : parse_json(bytes, document);
}

Result<Value> unknown_message(const Schema& schema, Bytes message, Document& document) {
    Value value = Value::object();
    std::map<std::uint32_t, std::string> rest;
    std::optional<std::string> metadata;  // several occurrences are parts of one
    try {
        protozero::pbf_reader reader(message.data(), message.size());
        for (const char* at = message.data(); reader.next(); at = reader.data().data()) {
            if (reader.tag() == 1 &&
                reader.wire_type() == protozero::pbf_wire_type::length_delimited) {
                const auto part = reader.get_view();
                if (!metadata) metadata.emplace();
                metadata->append(part.data(), part.size());
                continue;
            }
            const auto number = reader.tag();
            reader.skip();
            rest[number].append(at, static_cast<std::size_t>(reader.data().data() - at));
        }
    } catch (const protozero::exception& error) {
        return fail(ErrorCode::malformed, "a message of {} bytes does not parse: {}",
                    message.size(), error.what());
    }
    if (metadata) {
        ValueSink sink(document);
        SALVOR_CHECK(render_message(schema,
                                    *schema.find("k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta"),
                                    document.keep(std::move(*metadata)), sink));
        value.set("metadata", sink.take());
    }
    if (rest.empty()) return value;
    Value unknown = Value::object();
    for (const auto& [number, bytes] : rest) {
        unknown.members.push_back(
            {document.keep(std::to_string(number)), Value::of(document.keep(base64(bytes)))});
    }
    value.set("unknownFields", std::move(unknown));
    return value;
}

}  // namespace salvor::kube
