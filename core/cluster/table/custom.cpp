#include "core/cluster/table/custom.hpp"

#include <cmath>

#include "core/cluster/table/cells.hpp"
#include "formats/kube/sinks.hpp"
#include "formats/text/number.hpp"

namespace salvor::table {
namespace {

using kube::Value;

constexpr double int64_bound = 9223372036854775808.0;

std::string any_as_text(const Value& value) {
    if (value.is_null()) return "<no value>";
    if (!value.is_array() && !value.is_object()) return cluster::go_text(value);
    std::string json;
    kube::JsonSink sink(json);
    kube::tell(value, sink);
    return json;
}

std::string as_integer(const Value& value) {
    if (value.type == Value::Type::integer) return std::to_string(value.integer);
    if (value.type != Value::Type::real || !(std::fabs(value.real) < int64_bound)) return {};
    return std::to_string(static_cast<std::int64_t>(value.real));
}

/// A number goes to kubectl as JSON, where one without a fraction is an integer again.
std::string as_number(const Value& value) {
    if (value.type == Value::Type::integer) return std::to_string(value.integer);
    if (value.type != Value::Type::real) return {};
    std::string text;
    text::append_json_number(text, value.real);
    const bool is_whole = text.find_first_of(".e") == std::string::npos;
    if (is_whole && std::fabs(value.real) < int64_bound) return text;
    text.clear();
    text::append_yaml_number(text, value.real);
    return text;
}

std::string as_date(const Subject& subject, const Value& value) {
    if (!value.is_string()) return {};
    if (value.string.empty() || value.string == "null") return "<unknown>";
    return kube::parse_rfc3339(value.string) ? age_of(subject, &value) : "<invalid>";
}

}  // namespace

std::string custom_cell(const Subject& subject, const cluster::JsonPath& path,
                        std::string_view type) {
    const auto found = path.find(subject.object);
    if (!found || found->empty() || found->front().values.empty()) return {};
    const auto& value = *found->front().values.front();
    if (type == "string") return any_as_text(value);
    if (type == "integer") return as_integer(value);
    if (type == "number") return as_number(value);
    if (type == "date") return as_date(subject, value);
    if (type == "boolean" && value.type == Value::Type::boolean) return text_of(&value);
    return {};
}

}  // namespace salvor::table
