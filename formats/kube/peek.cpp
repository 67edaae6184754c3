#include "formats/kube/peek.hpp"

#include <initializer_list>
#include <nlohmann/json.hpp>
#include <protozero/pbf_reader.hpp>

#include "formats/kube/stored.hpp"

namespace salvor::kube {
namespace {

/// More than any request that an etcd takes by default (--max-request-bytes),
/// by far.
constexpr std::size_t max_json = 8 << 20;

using protozero::pbf_wire_type;

/// The bytes of the field at the end of a path of nested messages, the last of
/// several counting.
std::optional<Bytes> nested(Bytes message, std::initializer_list<protozero::pbf_tag_type> path) {
    for (const auto field : path) {
        std::optional<Bytes> found;
        protozero::pbf_reader reader(message.data(), message.size());
        while (reader.next()) {
            if (reader.tag() == field && reader.wire_type() == pbf_wire_type::length_delimited) {
                const auto view = reader.get_view();
                found = Bytes(view.data(), view.size());
            } else {
                reader.skip();
            }
        }
        if (!found) return {};
        message = *found;
    }
    return message;
}

/// The object's own message within runtime.Unknown.
constexpr protozero::pbf_tag_type raw_field = 2;

std::optional<std::string> protobuf_uid(Bytes unknown) try {
    const auto uid = nested(unknown, {raw_field, 1 /* metadata */, 5 /* uid */});
    return uid && !uid->empty() ? std::optional(std::string(*uid)) : std::nullopt;
} catch (const protozero::exception&) {
    return {};
}

std::optional<std::string> json_uid(Bytes text) {
    if (text.size() > max_json) return {};
    const auto object = nlohmann::json::parse(text, nullptr, false);
    if (!object.is_object()) return {};
    const auto metadata = object.find("metadata");
    if (metadata == object.end() || !metadata->is_object()) return {};
    const auto uid = metadata->find("uid");
    return uid != metadata->end() && uid->is_string() ? std::optional(uid->get<std::string>())
                                                      : std::nullopt;
}

}  // namespace

std::optional<std::string> object_uid(Bytes value) {
    switch (encoding_of(value)) {
        case Encoding::protobuf: return protobuf_uid(value.substr(protobuf_magic.size()));
        case Encoding::json: return json_uid(value);
        default: return {};
    }
}

std::optional<std::int64_t> lease_renew_time(Bytes value) try {
    if (encoding_of(value) != Encoding::protobuf) return {};
    const auto time =
        nested(value.substr(protobuf_magic.size()), {raw_field, 2 /* spec */, 4 /* renewTime */});
    if (!time) return {};
    protozero::pbf_reader reader(time->data(), time->size());
    std::optional<std::int64_t> seconds;
    while (reader.next()) {
        if (reader.tag_and_type() == protozero::tag_and_type(1, pbf_wire_type::varint)) {
            seconds = reader.get_int64();
        } else {
            reader.skip();
        }
    }
    return seconds;
} catch (const protozero::exception&) {
    return {};
}

std::optional<NodeSystem> node_system(Bytes value) try {
    if (encoding_of(value) != Encoding::protobuf) return {};
    const Bytes body = value.substr(protobuf_magic.size());
    const auto text = [&](std::initializer_list<protozero::pbf_tag_type> path) {
        return std::string(nested(body, path).value_or(Bytes{}));
    };
    return NodeSystem{text({raw_field, 3 /* status */, 7 /* nodeInfo */, 7 /* kubeletVersion */}),
                      text({raw_field, 3, 7, 5 /* osImage */}),
                      text({raw_field, 2 /* spec */, 3 /* providerID */})};
} catch (const protozero::exception&) {
    return {};
}

std::optional<std::string> apiserver_of_lease(Bytes value) try {
    if (encoding_of(value) != Encoding::protobuf) return {};
    const auto metadata =
        nested(value.substr(protobuf_magic.size()), {raw_field, 1 /* metadata */});
    bool is_apiservers = false;
    std::optional<std::string> manager;
    protozero::pbf_reader reader(metadata.value_or(Bytes{}).data(),
                                 metadata.value_or(Bytes{}).size());
    while (reader.next()) {
        if (reader.wire_type() != pbf_wire_type::length_delimited) {
            reader.skip();
            continue;
        }
        const auto tag = reader.tag();
        const auto view = reader.get_view();
        const Bytes field(view.data(), view.size());
        if (tag == 11 /* labels */) {
            is_apiservers =
                is_apiservers || (nested(field, {1}) == "apiserver.kubernetes.io/identity" &&
                                  nested(field, {2}) == "kube-apiserver");
        } else if (tag == 17 /* managedFields */) {
            if (const auto name = nested(field, {1})) manager = std::string(*name);
        }
    }
    return is_apiservers ? manager : std::nullopt;
} catch (const protozero::exception&) {
    return {};
}

}  // namespace salvor::kube
