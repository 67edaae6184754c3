#include "core/diff/raw_value.hpp"

#include "formats/kube/special.hpp"
#include "formats/text/utf8.hpp"

namespace salvor::diff {

using kube::Value;

namespace {

/// As an apiserver writes objects.
bool looks_like_object(Bytes value) {
    switch (kube::encoding_of(value)) {
        case kube::Encoding::other: return false;
        case kube::Encoding::json:
            return value.find("\"kind\"") != Bytes::npos &&
                   value.find("\"apiVersion\"") != Bytes::npos;
        default: return true;
    }
}

}  // namespace

bool RawValues::is_redacted(Bytes value) const {
    return !show_secrets_ && (beside_kubernetes_ || looks_like_object(value));
}

cluster::Changes RawValues::changes(const etcd::KeyValue& before, const etcd::KeyValue& after,
                                    bool all) const {
    cluster::Changes found;
    if (before.lease != after.lease)
        found.fields.push_back({"lease", Value::of(before.lease), Value::of(after.lease)});
    if (all) {
        found.fields.push_back(
            {"modRevision", Value::of(before.mod_revision), Value::of(after.mod_revision)});
    }
    if (before.value == after.value) return found;
    const bool hidden = is_redacted(before.value) || is_redacted(after.value);
    const bool is_text = text::is_utf8(before.value) && text::is_utf8(after.value);
    const auto shown = [&](Bytes value) {
        if (hidden) return Value::of(found.texts.emplace_back(redactor_.in_place_of(value)));
        return Value::of(is_text ? value : found.texts.emplace_back(kube::base64(value)));
    };
    found.fields.push_back(
        {hidden || is_text ? "value" : "valueBase64", shown(before.value), shown(after.value)});
    return found;
}

}  // namespace salvor::diff
