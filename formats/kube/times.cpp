#include "formats/kube/times.hpp"

#include <protozero/pbf_reader.hpp>

#include <algorithm>

#include "formats/kube/render.hpp"
#include "formats/kube/special.hpp"
#include "formats/kube/stored.hpp"

// Source: apimachinery pkg/apis/meta/v1/generated.proto, api coordination/v1 and core/v1

namespace salvor::kube {
namespace {

using protozero::pbf_wire_type;
using Seconds = std::optional<std::int64_t>;

constexpr protozero::pbf_wire_type nested = pbf_wire_type::length_delimited;

bool is(const protozero::pbf_reader& reader, protozero::pbf_tag_type number, pbf_wire_type type) {
    return reader.tag() == number && reader.wire_type() == type;
}

void take_newer(Seconds& newest, const Seconds& other) {
    if (other && (!newest || *newest < *other)) newest = other;
}

/// meta/v1.Time and MicroTime: 1 seconds. Empty, or Go's zero time: none.
Seconds read_time(protozero::pbf_reader time) {
    Seconds seconds;
    while (time.next()) {
        if (is(time, 1, pbf_wire_type::varint)) {
            seconds = time.get_int64();
        } else {
            time.skip();
        }
    }
    return seconds == zero_time_seconds ? Seconds{} : seconds;
}

/// The newest time at the end of a path of nested messages, some of which may be repeated.
Seconds newest_at(protozero::pbf_reader message, const protozero::pbf_tag_type* path,
                  std::size_t depth) {
    Seconds newest;
    while (message.next()) {
        if (!is(message, *path, nested)) {
            message.skip();
        } else if (depth == 1) {
            take_newer(newest, read_time(message.get_message()));
        } else {
            take_newer(newest, newest_at(message.get_message(), path + 1, depth - 1));
        }
    }
    return newest;
}

Seconds asked_at(const Seconds& deletion, std::int64_t grace) {
    constexpr std::int64_t longest_grace = std::int64_t{1} << 32;  // an int64 of seconds, in theory
    if (!deletion || *deletion < zero_time_seconds || grace < 0 || grace > longest_grace) return {};
    return *deletion - grace;
}

void read_metadata(protozero::pbf_reader metadata, StoredTimes& times) {
    constexpr protozero::pbf_tag_type time_of_entry = 4;
    Seconds deletion;
    std::int64_t grace = 0;
    while (metadata.next()) {
        if (is(metadata, 8, nested)) {
            times.created = read_time(metadata.get_message());
        } else if (is(metadata, 9, nested)) {
            deletion = read_time(metadata.get_message());
        } else if (is(metadata, 10, pbf_wire_type::varint)) {
            grace = metadata.get_int64();
        } else if (is(metadata, 17, nested)) {
            take_newer(times.managed, newest_at(metadata.get_message(), &time_of_entry, 1));
        } else {
            metadata.skip();
        }
    }
    times.deletion_asked = asked_at(deletion, grace);
}

StoredTimes from_protobuf(Bytes value) try {
    StoredTimes times;
    const auto envelope = open_envelope(value);
    if (!envelope) return times;
    protozero::pbf_reader object(envelope->raw.data(), envelope->raw.size());
    while (object.next()) {
        if (is(object, 1, nested)) {
            read_metadata(object.get_message(), times);
            break;
        }
        object.skip();
    }
    constexpr protozero::pbf_tag_type renew_time[] = {2, 4};    // spec.renewTime
    constexpr protozero::pbf_tag_type heartbeat[] = {3, 4, 3};  // status.conditions[]
    if (envelope->kind == "Lease" && envelope->api_version.starts_with("coordination.k8s.io/")) {
        times.reported = newest_at({envelope->raw.data(), envelope->raw.size()}, renew_time, 2);
    } else if (envelope->kind == "Node" && envelope->api_version == "v1") {
        times.reported = newest_at({envelope->raw.data(), envelope->raw.size()}, heartbeat, 3);
    }
    return times;
} catch (const protozero::exception&) {
    return {};
}

Seconds time_in(const Value& object, std::string_view name) {
    const auto instant = parse_rfc3339(object.text(name));
    if (!instant || instant->seconds == zero_time_seconds) return {};
    return instant->seconds;
}

StoredTimes from_document(Bytes value) {
    StoredTimes times;
    Document document;
    const auto object = parse_any(value, document);
    const auto* metadata = object ? object->find("metadata") : nullptr;
    if (!metadata) return times;
    times.created = time_in(*metadata, "creationTimestamp");
    if (const auto* managed = metadata->find("managedFields")) {
        for (const auto& entry : managed->items) take_newer(times.managed, time_in(entry, "time"));
    }
    const auto* grace = metadata->find("deletionGracePeriodSeconds");
    const bool has_grace = grace && grace->type == Value::Type::integer;
    times.deletion_asked =
        asked_at(time_in(*metadata, "deletionTimestamp"), has_grace ? grace->integer : 0);
    return times;
}

}  // namespace

StoredTimes read_times(Bytes value) {
    switch (encoding_of(value)) {
        case Encoding::protobuf: return from_protobuf(value);
        case Encoding::json:
        case Encoding::cbor: return from_document(value);
        case Encoding::encrypted:
        case Encoding::other: break;
    }
    return {};
}

}  // namespace salvor::kube
