#include "formats/kube/fields.hpp"

namespace salvor::kube {

std::optional<FieldValue> field_at(Bytes message,
                                   std::initializer_list<protozero::pbf_tag_type> path) {
    std::optional<FieldValue> found = FieldValue{message, 0};
    for (const auto number : path) {
        const auto within = found->bytes;
        found.reset();
        each_field(within, number, [&](const FieldValue& value) { found = value; });
        if (!found) return {};
    }
    return found;
}

Bytes bytes_at(Bytes message, std::initializer_list<protozero::pbf_tag_type> path) {
    const auto found = field_at(message, path);
    return found ? found->bytes : Bytes{};
}

std::optional<Bytes> entry_of(Bytes message, protozero::pbf_tag_type map, Bytes key) {
    std::optional<Bytes> found;
    each_field(message, map, [&](const FieldValue& entry) {
        if (bytes_at(entry.bytes, {1}) == key) found = bytes_at(entry.bytes, {2});
    });
    return found;
}

}  // namespace salvor::kube
