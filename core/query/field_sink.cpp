#include "core/query/field_sink.hpp"

#include <algorithm>
#include <array>

#include "core/cluster/member_path.hpp"
#include "formats/kube/special.hpp"
#include "formats/text/json_writer.hpp"

namespace salvor::query {
namespace {

/// Members whose own members' names the user chose.
bool has_chosen_names(std::string_view name) {
    constexpr std::array<std::string_view, 9> maps{"labels",       "annotations", "data",
                                                   "stringData",   "binaryData",  "matchLabels",
                                                   "nodeSelector", "selector",    "capacity"};
    return std::find(maps.begin(), maps.end(), name) != maps.end();
}

}  // namespace

std::string FieldSink::path() const {
    std::string path;
    for (const auto& level : levels_) {
        if (level.is_array) {
            path += fmt::format("[{}]", level.next - 1);
        } else {
            cluster::append_member(path, level.name);
        }
    }
    return path;
}

/// Source: api core/v1/types.go, certificates/v1/types.go, admissionregistration/v1/types.go
bool FieldSink::is_bytes() const {
    if (kind_.empty() || levels_.empty()) return false;
    const std::string_view top = levels_.front().name, last = levels_.back().name;
    if (last == "caBundle") return true;
    if (kind_ == "CertificateSigningRequest") return last == "request" || last == "certificate";
    if (levels_.size() != 2) return false;
    return (kind_ == "Secret" && top == "data") || (kind_ == "ConfigMap" && top == "binaryData");
}

void FieldSink::string(std::string_view text) {
    const auto bytes = is_bytes() ? kube::parse_base64(text) : std::nullopt;
    if (!bytes) return tell(text);
    step();
    each_({Field::Kind::bytes, *bytes});
}

void FieldSink::real(double number) {
    std::string text;
    text::JsonWriter(text).real(number);
    tell(text);
}

void FieldSink::key(std::string_view name) {
    auto& level = levels_.back();
    level.name = name;
    // A Service's selector is a map; one by labels has these two.
    const bool is_own = name == "matchLabels" || name == "matchExpressions";
    if (level.is_map && !is_own) each_({Field::Kind::name, name});
}

void FieldSink::open(bool is_array) {
    step();
    const bool is_map = !is_array && !levels_.empty() && has_chosen_names(levels_.back().name);
    auto& level = levels_.emplace_back();
    level.is_array = is_array;
    level.is_map = is_map;
}

}  // namespace salvor::query
