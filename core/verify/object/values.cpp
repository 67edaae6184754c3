#include "core/verify/object/part.hpp"
#include "core/verify/rules.hpp"
#include "formats/kube/stored.hpp"
#include "formats/text/escape.hpp"

namespace salvor::verify {
namespace {

constexpr Rule object_unreadable{
    "object-unreadable", Layer::object, Severity::error,
    "a Kubernetes object's stored value decodes whole",
    "an apiserver cannot list its resource while the value is there: use another backup or another "
    "copy of this one; with none, `restore --force` and delete the key"};
constexpr Rule object_unknown{
    "object-unknown", Layer::object, Severity::note,
    "an object is of a kind and an encoding that this program's tables have",
    "its metadata was looked into, the rest was not: look for a newer salvor"};
constexpr Rule field_unknown{
    "field-unknown", Layer::object, Severity::note,
    "an object has no field that this program's tables lack",
    "a newer Kubernetes wrote it; what the field holds was not looked into"};
constexpr std::array table{object_unreadable, object_unknown, field_unknown};

/// What --storage-media-type=application/yaml writes.
bool is_yaml(Bytes value) {
    return value.starts_with("apiVersion: ") || value.starts_with("kind: ");
}

/// Somebody else's below the registry: no table and no CRD has the place, and the value is no
/// object's.
bool is_foreign(const StoredObject& object, Bytes value) {
    return !object.key.type && kube::encoding_of(value) == kube::Encoding::other;
}

Place place_of_value(const StoredObject& object) {
    auto place = object.place();
    if (!object.kv.value.empty()) place.offset = object.db.offset_of(object.kv.value.data());
    return place;
}

void report_unreadable(const StoredObject& object, Bytes value, bool was_encrypted,
                       const Error& error, Sayings& sayings) {
    const auto message = text::escape_message(error.message);
    // aescbc has no tag, so what a wrong secret makes of a value may look opened.
    if (was_encrypted && kube::encoding_of(value) == kube::Encoding::other)
        return report_wrong_plain(object, message, sayings);
    sayings.add(object_unreadable, place_of_value(object),
                fmt::format("{}: {}", object.words(), message));
}

}  // namespace

RuleRows value_rules() {
    return table;
}

std::optional<kube::Checked> check_value(const StoredObject& object,
                                         const kube::at_rest::Config* config, Part& part) {
    const bool is_encrypted = kube::encoding_of(object.kv.value) == kube::Encoding::encrypted;
    if (is_encrypted && !kube::at_rest::parse_mark(object.kv.value)) {
        part.sayings.add(
            object_unreadable, place_of_value(object),
            fmt::format("{}: an encrypted value whose mark is cut short", object.words()));
        return {};
    }
    const auto value = plain_value(object, config, part.room);
    if (!value) {
        report_closed(object, config, part.sayings, part.closed);
        return {};
    }
    if (is_foreign(object, *value)) return {};
    if (is_yaml(*value)) {
        part.sayings.add(object_unknown, object.place(),
                         fmt::format("{}: YAML, which was not looked into", object.words()));
        return {};
    }
    auto checked = part.checker.check(*value);
    if (!checked) {
        report_unreadable(object, *value, is_encrypted, checked.error(), part.sayings);
        return {};
    }
    const auto& identity = checked->identity;
    if (!checked->is_known) {
        part.sayings.add(
            object_unknown, object.place(),
            fmt::format("{}: {} {}", object.words(), text::escape(identity.api_version),
                        text::escape(identity.kind)));
    } else if (checked->unknown_field != 0) {
        part.sayings.add(
            field_unknown, object.place(),
            fmt::format("{}: field {} of {}{} is not in the tables", object.words(),
                        checked->unknown_field, text::escape(identity.kind),
                        checked->unknown_in.empty() ? "" : "'s " + checked->unknown_in));
    }
    return *std::move(checked);
}

}  // namespace salvor::verify
