#include "formats/kube/lifecycle.hpp"

#include <algorithm>
#include <array>

#include "formats/kube/cbor.hpp"
#include "formats/kube/fields.hpp"
#include "formats/kube/json.hpp"
#include "formats/kube/render.hpp"

namespace salvor::kube {
namespace {

void clear(Lifecycle& life) {
    life.owners.clear();
    life.finalizers.clear();
    life.is_deleted = false;
    life.grace_period = 0;
}

Owner read_owner(Bytes message) {
    Owner owner;
    each_field(message, [&](auto number, const FieldValue& value) {
        switch (number) {
            case 1: owner.kind = value.bytes; break;
            case 3: owner.name = value.bytes; break;
            case 4: owner.uid = value.bytes; break;
            case 5: owner.api_version = value.bytes; break;
            case 6: owner.is_controller = value.number != 0; break;
            default: break;
        }
    });
    return owner;
}

void read_metadata_value(const Value& metadata, Lifecycle& into) {
    into.is_deleted = !metadata.text("deletionTimestamp").empty();
    if (const auto* grace = metadata.find("deletionGracePeriodSeconds"))
        into.grace_period = grace->type == Value::Type::integer ? grace->integer : 0;
    if (const auto* finalizers = metadata.find("finalizers")) {
        for (const auto& each : finalizers->items) into.finalizers.push_back(each.string);
    }
    const auto* owners = metadata.find("ownerReferences");
    if (!owners) return;
    for (const auto& each : owners->items) {
        const auto* controller = each.find("controller");
        into.owners.push_back(
            {each.text("apiVersion"), each.text("kind"), each.text("name"), each.text("uid"),
             controller && controller->type == Value::Type::boolean && controller->boolean});
    }
}

}  // namespace

void read_lifecycle(Bytes message, Lifecycle& into) {
    clear(into);
    each_field(message, 1 /* metadata */, [&](const FieldValue& metadata) {
        each_field(metadata.bytes, [&](auto number, const FieldValue& value) {
            switch (number) {
                case 9: into.is_deleted = true; break;
                case 10: into.grace_period = static_cast<std::int64_t>(value.number); break;
                case 13: into.owners.push_back(read_owner(value.bytes)); break;
                case 14: into.finalizers.push_back(value.bytes); break;
                default: break;
            }
        });
    });
}

void read_lifecycle(Bytes text, Document& document, Lifecycle& into) {
    clear(into);
    constexpr std::array words{Bytes("ownerReferences"), Bytes("finalizers"),
                               Bytes("deletionTimestamp")};
    if (std::none_of(words.begin(), words.end(),
                     [&](Bytes word) { return text.find(word) != Bytes::npos; }))
        return;
    document.texts.clear();
    auto parsed = parse_any(text, document);
    if (!parsed) return;
    document.root = *std::move(parsed);
    if (const auto* metadata = document.root.find("metadata")) read_metadata_value(*metadata, into);
}

}  // namespace salvor::kube
