#include "core/cluster/table/cells.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "formats/text/human.hpp"
#include "formats/text/number.hpp"

namespace salvor::table {

using kube::Value;

const Value* at(const Value& value, std::string_view path) {
    const Value* found = &value;
    while (found && !path.empty()) {
        const auto dot = std::min(path.find('.'), path.size());
        found = found->find(path.substr(0, dot));
        path.remove_prefix(std::min(dot + 1, path.size()));
    }
    return found;
}

std::string text_of(const Value* value) {
    if (!value) return {};
    std::string number;
    switch (value->type) {
        case Value::Type::string: return std::string(value->string);
        case Value::Type::integer: return std::to_string(value->integer);
        case Value::Type::unsigned_integer: return std::to_string(value->unsigned_integer);
        case Value::Type::boolean: return value->boolean ? "true" : "false";
        case Value::Type::real: text::append_yaml_number(number, value->real); return number;
        default: return {};
    }
}

std::string_view string_at(const Value& value, std::string_view path) {
    const auto* found = at(value, path);
    return found && found->is_string() ? found->string : std::string_view{};
}
std::int64_t integer_at(const Value& value, std::string_view path, std::int64_t other) {
    const auto* found = at(value, path);
    return found && found->type == Value::Type::integer ? found->integer : other;
}
bool is_true(const Value& value, std::string_view path) {
    const auto* found = at(value, path);
    return found && found->type == Value::Type::boolean && found->boolean;
}
bool has(const Value& value, std::string_view path) {
    const auto* found = at(value, path);
    return found && !found->is_null();
}
std::span<const Value> items_at(const Value& value, std::string_view path) {
    const auto* found = at(value, path);
    return found ? std::span<const Value>(found->items) : std::span<const Value>{};
}

const Value* condition_of(const Value& object, std::string_view type, std::string_view path) {
    for (const auto& condition : items_at(object, path)) {
        if (condition.text("type") == type) return &condition;
    }
    return nullptr;
}
bool is_condition_true(const Value& object, std::string_view type) {
    const auto* condition = condition_of(object, type);
    return condition && condition->text("status") == "True";
}
bool is_deleting(const Value& object) {
    return has(object, "metadata.deletionTimestamp");
}
const Value* annotation(const Value& object, std::string_view name) {
    const auto* annotations = at(object, "metadata.annotations");
    return annotations ? annotations->find(name) : nullptr;
}

std::optional<kube::Instant> time_of(const Value* value) {
    if (!value || !value->is_string()) return {};
    const auto time = kube::parse_rfc3339(value->string);
    return time && time->seconds == kube::zero_time_seconds ? std::nullopt : time;
}

std::string elapsed(kube::Instant from, kube::Instant to) {
    auto seconds = to.seconds - from.seconds;
    // Go cuts towards zero.
    if (seconds > 0 && to.nanos < from.nanos) --seconds;
    if (seconds < 0 && to.nanos > from.nanos) ++seconds;
    return text::human_duration(seconds);
}
std::string elapsed(kube::Instant from, const Now& now) {
    return elapsed(now.is_least ? std::min(from, now.at) : from, now.at);
}
std::string age_of(const Subject& subject, const Value* time) {
    const auto since = time_of(time);
    return since ? elapsed(*since, subject.now) : "<unknown>";
}

std::string join(const std::vector<std::string>& parts, std::string_view between) {
    return fmt::format("{}", fmt::join(parts, between));
}
std::string first_of_many(const std::vector<std::string>& parts, std::size_t most,
                          std::string_view between) {
    if (parts.size() <= most) return join(parts, between);
    return fmt::format(
        "{} + {} more...",
        fmt::join(parts.begin(), parts.begin() + static_cast<std::ptrdiff_t>(most), between),
        parts.size() - most);
}
std::string lower(std::string_view word) {
    std::string lowered(word);
    for (char& c : lowered) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return lowered;
}

std::string labels_text(const Value* labels) {
    std::vector<std::string> parts;
    if (labels) {
        for (const auto& [key, value] : labels->members)
            parts.push_back(fmt::format("{}={}", key, text_of(&value)));
    }
    std::sort(parts.begin(), parts.end());
    return parts.empty() ? "<none>" : join(parts, ",");
}

namespace {

/// Source: apimachinery pkg/labels/selector.go (Requirement.String)
std::optional<std::string> expression_text(const Value& expression) {
    const auto op = expression.text("operator"), key = expression.text("key");
    std::vector<std::string> values;
    for (const auto& value : items_at(expression, "values")) values.push_back(text_of(&value));
    if (op == "Exists" || op == "DoesNotExist") {
        if (!values.empty()) return {};
        return fmt::format("{}{}", op == "Exists" ? "" : "!", key);
    }
    if ((op != "In" && op != "NotIn") || values.empty()) return {};
    std::sort(values.begin(), values.end());
    return fmt::format("{} {} ({})", key, op == "In" ? "in" : "notin", fmt::join(values, ","));
}

}  // namespace

std::optional<std::string> selector_text(const Value* selector) {
    if (!selector) return "";
    std::vector<std::pair<std::string_view, std::string>> parts;  // by key
    if (const auto* labels = selector->find("matchLabels")) {
        for (const auto& [key, value] : labels->members)
            parts.emplace_back(key, fmt::format("{}={}", key, text_of(&value)));
    }
    for (const auto& expression : items_at(*selector, "matchExpressions")) {
        auto text = expression_text(expression);
        if (!text) return {};
        parts.emplace_back(expression.text("key"), std::move(*text));
    }
    std::stable_sort(parts.begin(), parts.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    std::string all;
    for (const auto& [key, text] : parts) all += (all.empty() ? "" : ",") + text;
    return all;
}

std::string text_at(const Subject& subject, std::string_view path) {
    return text_of(at(subject.object, path));
}

namespace {

std::string text_or(const Subject& subject, std::string_view path, const char* other) {
    auto text = text_at(subject, path);
    return text.empty() ? other : text;
}

std::string of_containers(const Subject& subject, std::string_view path, std::string_view member) {
    std::vector<std::string> parts;
    for (const auto& container : items_at(subject.object, path))
        parts.emplace_back(container.text(member));
    return join(parts, ",");
}

}  // namespace

std::string text_or_none(const Subject& subject, std::string_view path) {
    return text_or(subject, path, "<none>");
}
std::string text_or_unknown(const Subject& subject, std::string_view path) {
    return text_or(subject, path, "<unknown>");
}
std::string set_or_none(const Subject& subject, std::string_view path) {
    return has(subject.object, path) ? text_at(subject, path) : "<none>";
}
std::string set_or_unset(const Subject& subject, std::string_view path) {
    return has(subject.object, path) ? text_at(subject, path) : "<unset>";
}
std::string number_at(const Subject& subject, std::string_view path) {
    return text_or(subject, path, "0");
}
std::string truth_at(const Subject& subject, std::string_view path) {
    return is_true(subject.object, path) ? "true" : "false";
}
std::string count_at(const Subject& subject, std::string_view path) {
    const auto* found = at(subject.object, path);
    return std::to_string(found ? found->items.size() + found->members.size() : 0);
}
std::string age_at(const Subject& subject, std::string_view path) {
    return age_of(subject, at(subject.object, path));
}
std::string time_at(const Subject& subject, std::string_view path) {
    const auto time = time_of(at(subject.object, path));
    return kube::rfc3339(time.value_or(kube::Instant{kube::zero_time_seconds})).value_or("");
}
std::string list_at(const Subject& subject, std::string_view path) {
    std::vector<std::string> parts;
    for (const auto& item : items_at(subject.object, path)) parts.push_back(text_of(&item));
    return join(parts, ",");
}
std::string list_or_none(const Subject& subject, std::string_view path) {
    auto text = list_at(subject, path);
    return text.empty() ? "<none>" : text;
}
std::string labels_at(const Subject& subject, std::string_view path) {
    return labels_text(at(subject.object, path));
}
std::string selector_at(const Subject& subject, std::string_view path) {
    const auto text = selector_text(at(subject.object, path));
    if (!text) return "<error>";
    return text->empty() ? "<none>" : *text;
}
std::string container_names(const Subject& subject, std::string_view path) {
    return of_containers(subject, path, "name");
}
std::string container_images(const Subject& subject, std::string_view path) {
    return of_containers(subject, path, "image");
}

std::string name(const Subject& subject, std::string_view) {
    return text_at(subject, "metadata.name");
}
std::string name_or_default(const Subject& subject, std::string_view path) {
    const auto* mark = annotation(subject.object, path);
    const bool is_default = mark && mark->string == "true";
    return name(subject, {}) + (is_default ? " (default)" : "");
}

}  // namespace salvor::table
