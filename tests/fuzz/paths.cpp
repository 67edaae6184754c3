#include <string>

#include "core/cluster/json_path.hpp"
#include "core/cluster/select.hpp"
#include "core/cluster/sort_key.hpp"
#include "core/report/object_columns.hpp"
#include "formats/kube/json.hpp"

// What people write on the command line of how to choose and to show; the first byte picks the
// kind. Each is refused with a sentence, or answers about an object of every kind of value.

namespace {

using namespace salvor;
using namespace salvor::cluster;

void require(bool holds) {
    if (!holds) __builtin_trap();
}

const kube::Value& object() {
    static kube::Document document;
    static const auto value = kube::parse_json(
        R"({"a":{"b":[1,-2,3.5,"x"],"c.d":true,"e":null},"items":[{"n":"p","v":1},{"n":"q","v":"2"},
            {"n":"p","w":[[1],[2,3]]}],"metadata":{"labels":{"app":"web","x/y":"5"},"name":"web"},
            "big":18446744073709551615,"s":"","u":"\u00e9\u2028\n"})",
        document);
    return *value;
}

void told(const Error& error) {
    require(!error.message.empty());
}

void find(const JsonPath& path) {
    const auto found = path.find(object());
    const auto text = path.print(object());
    require(found.has_value() || !text.has_value());
    if (!text) return told(text.error());
    for (const auto& one : *found) {
        for (const auto* value : one.values) static_cast<void>(go_text(*value));
    }
}

void json_path(Bytes input) {
    const auto path = JsonPath::parse(input);
    path ? find(*path) : told(path.error());
}

void one_path(Bytes input) {
    const auto path = JsonPath::parse_path(input);
    if (!path) return told(path.error());
    find(*path);
    const auto key = SortKey::of(*path, object());
    require(!(key < key));
}

void custom_columns(Bytes input) {
    const auto columns = report::parse_custom_columns(input);
    if (!columns) return told(columns.error());
    require(!columns->empty());
    for (const auto& column : *columns) find(column.path);
}

void holds(const Requirements& requirements) {
    for (const auto& one : requirements) {
        const bool absent = one.holds(std::nullopt);
        require(one.op != Requirement::Operator::exists || !absent);
        require(one.op != Requirement::Operator::in || one.values.empty() ||
                one.holds(Bytes(one.values.front())));
        static_cast<void>(one.holds(Bytes("5")));
    }
}

void labels(Bytes input) {
    const auto requirements = parse_label_selector(input);
    requirements ? holds(*requirements) : told(requirements.error());
}

void fields(Bytes input) {
    auto requirements = parse_field_selector(input);
    if (!requirements) return told(requirements.error());
    holds(*requirements);
    Query query;
    query.fields = std::move(*requirements);
    const auto matcher = FieldMatcher::of(query);
    if (!matcher) told(matcher.error());
}

void quantity(Bytes input) {
    const auto amount = quantity_of(input);
    require(!amount || *amount == *amount);
}

constexpr void (*kinds[])(Bytes) = {json_path, one_path, custom_columns, labels, fields, quantity};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    kinds[data[0] % std::size(kinds)](Bytes(reinterpret_cast<const char*>(data) + 1, size - 1));
    return 0;
}
