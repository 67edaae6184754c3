#pragma once

#include <array>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "formats/kube/schema/table.hpp"

namespace salvor::kube {

/// Messages whose JSON is not an object of their fields. FORMAT.md, "special messages".
enum class Special : std::uint8_t {
    none,
    time,             ///< meta/v1.Time
    micro_time,       ///< meta/v1.MicroTime
    duration,         ///< meta/v1.Duration
    int_or_string,    ///< util/intstr.IntOrString
    quantity,         ///< api/resource.Quantity
    raw_json,         ///< RawExtension, FieldsV1, apiextensions JSON: JSON or CBOR inside bytes
    schema_or_bool,   ///< JSONSchemaPropsOrBool
    schema_or_array,  ///< JSONSchemaPropsOrArray
    schema_or_string_array,  ///< JSONSchemaPropsOrStringArray
    wrapper,                 ///< one field `items`, shown as the list or map itself
};

/// More members than any message has: which of them are there fits into one word.
constexpr std::size_t max_slots = 64;

/// A JSON member of a message as one release of Kubernetes writes it.
struct Slot {
    std::string_view json_name;
    std::string_view json_key;  ///< `"name":`
    std::uint16_t number;
    std::uint16_t message;
    schema::Type type;
    schema::Label label;
    schema::Presence presence;
    bool omitempty;
    bool omitzero;
    bool active;         ///< defined in this release; else shown only where it is on the wire
    bool silent;         ///< nothing is told where it is absent
    bool takes_lengths;  ///< its wire type may be length-delimited
    bool takes_varints;  ///< its wire type may be varint
    bool is_text;        ///< texts or bytes: nothing stands within
};

/// Where a field's bytes go: to a slot, or (slot < 0) into a message whose members stand among
/// these.
struct Decoder {
    std::uint16_t number;
    std::int16_t slot;
    std::int16_t nested;  ///< of an inline message: index into Shape::decoders
};

struct Shape {
    std::string_view name;
    Special special = Special::none;
    bool holds_any = false;   ///< JSON or CBOR of any kind stands in it, at some depth
    std::vector<Slot> slots;  ///< by name, bytewise; max_slots at most
    std::vector<std::vector<Decoder>> decoders;  ///< [0] is the message's own, by number
    std::vector<std::uint16_t> yaml_order;       ///< slots by name, as the YAML writer orders keys
    std::uint64_t always = 0;                    ///< a bit a slot that is told where it is absent
    /// Of the message's own fields that go to a slot, by number: 1 + the slot; else 0.
    std::array<std::uint8_t, 64> slot_of{};
};

/// The tables as one release sees them; immutable, shared by threads. About 2 MB.
class Schema {
 public:
    explicit Schema(std::uint8_t release);
    std::uint8_t release() const { return release_; }
    const Shape& shape(std::uint16_t message) const { return shapes_[message]; }
    /// By full name, "k8s.io.api.core.v1.Pod".
    const Shape* find(std::string_view message) const;
    /// By what an object says of itself: apiVersion "apps/v1", kind "Deployment". nullptr: not in
    /// the tables.
    const Shape* find(std::string_view api_version, std::string_view kind) const;

 private:
    void mark_holders();
    const Shape* search(std::string_view api_version, std::string_view kind) const;

    /// What find() found, since a list asks for the same kind again and again.
    static constexpr std::size_t max_answers = 4096;
    mutable std::mutex mutex_;
    mutable std::unordered_map<std::string, const Shape*> answers_;  ///< by apiVersion\nkind
    std::uint8_t release_;
    std::vector<Shape> shapes_;
};

/// Group and version of an apiVersion: "apps/v1" -> apps, v1; "v1" -> "", v1.
struct GroupVersion {
    std::string_view group;
    std::string_view version;
};
GroupVersion split_api_version(std::string_view api_version);

}  // namespace salvor::kube
