#pragma once

#include <string>
#include <vector>

#include "formats/base/bytes.hpp"
#include "formats/base/result.hpp"
#include "formats/kube/schema/schema.hpp"
#include "formats/kube/value.hpp"

// A stored message, told to a sink as the JSON value it stands for. A sink has
//
//     null() boolean(bool) integer(int64) unsigned_integer(uint64) real(double) string(string_view)
//     begin_object() key(string_view) end_object() begin_array() end_array()
//     static constexpr Order order
//
// and is told every object's members in its own order of keys. Nothing is built in between: one
// pass over a message's fields notes where each stands, then they are told in order. Rules:
// FORMAT.md, "from protobuf to JSON".

namespace salvor::kube {

enum class Order { json, yaml };

bool key_before(Order order, std::string_view a, std::string_view b);

/// JSON or CBOR, told apart by the first bytes. Errors as parse_json and parse_cbor.
Result<Value> parse_any(Bytes bytes, Document& document);

/// A value told to a sink, its members in the sink's order.
template <class Sink>
void tell(const Value& value, Sink& sink);

/// What the table does not know, kept: the message's path and the field's number.
struct UnknownField {
    std::string path;  ///< "spec.template"
    std::uint32_t number;
};

/// A message of a kind that no table knows: its metadata, which is field 1 of every kind, and the
/// rest by field number. Errors: malformed.
Result<Value> unknown_message(const Schema& schema, Bytes message, Document& document);

/// Beyond any real object; the messages that recurse (JSONSchemaProps) stay far below.
constexpr std::size_t max_message_depth = 500;
/// No writer splits a message; each level of a split one is copied.
constexpr std::size_t max_merged_size = 64 << 20;
/// Of an object's unknown fields so many are named; all are shown.
constexpr std::size_t max_unknown_named = 64;

/// What an object's own metadata gets beyond what is stored.
struct ObjectOptions {
    std::string_view api_version;
    std::string_view kind;
    std::string_view resource_version;  ///< empty: none
    bool managed_fields = true;
};

/// A whole object: apiVersion and kind stand among its members. Fields that no table has go to
/// `unknown` as well. Errors: malformed, too_large; the sink has been told a part then.
template <class Sink>
Result<void> render_object(const Schema& schema, const Shape& shape, Bytes bytes,
                           const ObjectOptions& options, Sink& sink,
                           std::vector<UnknownField>* unknown = nullptr);
/// A message alone. Errors: the same.
template <class Sink>
Result<void> render_message(const Schema& schema, const Shape& shape, Bytes bytes, Sink& sink,
                            std::vector<UnknownField>* unknown = nullptr);

}  // namespace salvor::kube
