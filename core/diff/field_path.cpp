#include "core/diff/field_path.hpp"

#include <algorithm>

#include "core/cluster/list_keys.hpp"
#include "formats/kube/json.hpp"
#include "formats/text/escape.hpp"

namespace salvor::diff {
namespace {

using kube::Value;

std::unexpected<Error> refuse(std::string_view text) {
    return fail(ErrorCode::usage,
                "{} is no path of a field: write it as diff prints it, "
                "spec.replicas, metadata.labels[\"a.b/c\"], spec.containers[*].image",
                text::Escaped{text});
}

/// Where a bracket that opens at `at` closes; npos where it does not.
std::size_t closing(std::string_view text, std::size_t at) {
    bool quoted = false;
    for (auto i = at + 1; i < text.size(); ++i) {
        if (text[i] == '\\' && quoted) {
            ++i;
        } else if (text[i] == '"') {
            quoted = !quoted;
        } else if (text[i] == ']' && !quoted) {
            return i;
        }
    }
    return std::string_view::npos;
}

/// Whether a list's item has the identity that a segment names, or stands at its place.
bool is_item(const Value& item, std::size_t place, const std::string& wanted) {
    if (wanted == "*" || wanted == std::to_string(place)) return true;
    cluster::ListKeys keys;
    for (std::size_t at = 0; at < wanted.size();) {
        const auto comma = std::min(wanted.find(',', at), wanted.size());
        const auto part = std::string_view(wanted).substr(at, comma - at);
        const auto equals = part.find('=');
        if (equals != std::string_view::npos) keys.push_back(part.substr(0, equals));
        at = comma + 1;
    }
    if (keys.empty()) keys.push_back(cluster::itself);
    return cluster::identity(item, keys) == wanted;
}

}  // namespace

Result<FieldPath> FieldPath::parse(std::string_view text) {
    FieldPath path;
    path.text_ = text;
    for (std::size_t at = 0; at < text.size();) {
        if (text[at] == '[') {
            const auto end = closing(text, at);
            if (end == std::string_view::npos || end == at + 1) return refuse(text);
            const auto inner = text.substr(at + 1, end - at - 1);
            kube::Document document;
            const auto quoted =
                inner.front() == '"' ? kube::parse_json(inner, document) : Result<Value>(Value{});
            if (!quoted) return refuse(text);
            const bool is_name = quoted->is_string();
            path.segments_.push_back({!is_name, std::string(is_name ? quoted->string : inner)});
            at = end + 1;
            continue;
        }
        if (text[at] == '.') ++at;
        const auto end = std::min(text.find_first_of(".[", at), text.size());
        if (end == at) return refuse(text);
        path.segments_.push_back({false, std::string(text.substr(at, end - at))});
        at = end;
    }
    if (path.segments_.empty() || text.back() == '.') return refuse(text);
    return path;
}

std::vector<Value> FieldPath::take_out_of(Value& value) const {
    std::vector<Value> taken;
    take(value, 0, taken);
    return taken;
}

void FieldPath::take(Value& value, std::size_t at, std::vector<Value>& taken) const {
    const auto& segment = segments_[at];
    if (segment.is_item) return take_items(value, at, taken);
    auto* member = value.find(segment.text);
    if (!member) return;
    if (at + 1 < segments_.size()) return take(*member, at + 1, taken);
    taken.push_back(std::move(*member));
    value.erase(segment.text);
}

void FieldPath::take_items(Value& value, std::size_t at, std::vector<Value>& taken) const {
    const bool is_last = at + 1 == segments_.size();
    const auto& wanted = segments_[at].text;
    if (value.is_object() && wanted == "*") {
        for (auto& member : value.members) {
            if (!is_last) take(member.value, at + 1, taken);
            if (is_last) taken.push_back(std::move(member.value));
        }
        if (is_last) value.members.clear();
        return;
    }
    std::size_t place = 0;
    std::erase_if(value.items, [&](Value& item) {
        if (!is_item(item, place++, wanted)) return false;
        if (!is_last) take(item, at + 1, taken);
        if (is_last) taken.push_back(std::move(item));
        return is_last;
    });
}

bool FieldPath::covers(std::string_view path) const {
    if (!path.starts_with(text_)) return false;
    return path.size() == text_.size() || path[text_.size()] == '.' || path[text_.size()] == '[';
}

}  // namespace salvor::diff
