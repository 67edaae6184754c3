#include "core/report/field_changes.hpp"

#include "formats/text/escape.hpp"

namespace salvor::report {
namespace {

using text::Escaped;

/// Of a value on one line; -o json has all of it.
constexpr std::size_t value_shown = 300;

}  // namespace

std::string value_words(const kube::Value& value) {
    std::string json;
    kube::JsonSink sink(json);
    kube::tell(value, sink);
    auto shown = json.substr(0, value_shown);
    if (shown.size() == json.size()) return text::escape_message(json);
    while (!shown.empty() && (shown.back() & 0xC0) == 0x80) shown.pop_back();
    if (!shown.empty() && (shown.back() & 0x80) != 0) shown.pop_back();
    return fmt::format("{}... ({} bytes in all)", Escaped{shown}, json.size());
}

std::string field_lines(const cluster::Changes& changes) {
    std::string lines;
    for (const auto& change : changes.fields) {
        lines += fmt::format("  {}\n", Escaped{change.path});
        if (change.before) lines += fmt::format("    - {}\n", value_words(*change.before));
        if (change.after) lines += fmt::format("    + {}\n", value_words(*change.after));
    }
    return lines;
}

void tell_fields(kube::JsonSink& json, const cluster::Changes& changes) {
    const auto side = [&](Bytes name, const std::optional<kube::Value>& value) {
        if (!value) return;
        json.key(name);
        kube::tell(*value, json);
    };
    json.begin_array();
    for (const auto& change : changes.fields) {
        json.begin_object();
        json.key("path");
        json.string(change.path);
        side("old", change.before);
        side("new", change.after);
        json.end_object();
    }
    json.end_array();
}

}  // namespace salvor::report
