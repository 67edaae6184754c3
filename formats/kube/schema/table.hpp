#pragma once

#include <cstdint>
#include <span>
#include <string_view>

// What formats/kube/schema/compiler makes of the *.tsv beside it: compact, constant, sorted by
// name. A new release of Kubernetes is new rows in a table, no code. Columns and rules: FORMAT.md,
// "the field table".

namespace salvor::kube::schema {

enum class Type : std::uint8_t { string, int32, int64, uint32, boolean, bytes, real, message };
enum class Label : std::uint8_t { singular, repeated, map };  ///< a map's key is always a string
enum class Presence : std::uint8_t { scalar, pointer, structure, slice, map, bytes, custom };

constexpr std::uint16_t no_message = 0xFFFF;

struct FieldRow {
    std::string_view json_name;  ///< empty: inline, or the one field of a wrapper
    std::string_view json_key;   ///< `"name":`
    std::uint16_t number;
    std::uint16_t message;  ///< of Type::message: position in messages()
    Type type;
    Label label;
    Presence presence;
    bool is_inline;
    bool omitempty;
    bool omitzero;
    std::uint8_t since;  ///< first minor with exactly this definition
    std::uint8_t until;  ///< last
};

struct MessageRow {
    std::string_view name;  ///< k8s.io.api.core.v1.Pod
    std::uint16_t first_field;
    std::uint16_t field_count;  ///< by number, a field's definitions oldest first
};

struct VersionRow {
    std::string_view version;
    std::uint8_t since;
    std::uint8_t until;
};

/// Where a built-in resource is stored and what it is called.
struct ResourceRow {
    std::string_view key_prefix;       ///< below the registry's prefix: "services/specs"
    std::string_view group;            ///< empty: core
    std::string_view storage_version;  ///< as the newest release stores it; empty: no longer stored
    std::span<const VersionRow> versions;  ///< in the order of the server's preference
    std::string_view
        also_group;  ///< "extensions/v1beta1": what an older object at this key may carry
    std::string_view kind;
    std::string_view resource;  ///< plural; empty: no API resource (masterleases, ranges)
    std::string_view singular;
    bool namespaced;
    std::string_view short_names;  ///< comma-separated
    std::string_view categories;   ///< comma-separated
    bool is_json;
    std::string_view message_package;
};

constexpr std::uint8_t newest_release = 36;       ///< 1.36; what a snapshot is shown as by default
constexpr std::uint8_t development_release = 37;  ///< the table's "1.37pre"

std::span<const MessageRow> messages();
std::span<const FieldRow> fields();
std::span<const ResourceRow> resources();

}  // namespace salvor::kube::schema
