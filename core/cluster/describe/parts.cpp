#include "core/cluster/describe/parts.hpp"

#include <algorithm>
#include <array>
#include <ctime>

#include "core/cluster/selector.hpp"

namespace salvor::describe {

std::string date(const Value* time) {
    const auto instant = table::time_of(time).value_or(kube::Instant{kube::zero_time_seconds});
    const auto seconds = static_cast<std::time_t>(instant.seconds);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    static constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} +0000",
                       days[static_cast<std::size_t>(parts.tm_wday)], parts.tm_mday,
                       months[static_cast<std::size_t>(parts.tm_mon)], parts.tm_year + 1900,
                       parts.tm_hour, parts.tm_min, parts.tm_sec);
}
std::string date_at(const Value& value, std::string_view path) {
    return date(at(value, path));
}
std::string age(const Subject& subject, const Value* time) {
    const auto since = table::time_of(time);
    return since ? table::elapsed(*since, subject.now) : "<unknown>";
}

std::string or_none(std::string text) {
    return text.empty() ? "<none>" : text;
}
std::string or_unset(std::string text) {
    return text.empty() ? "<unset>" : text;
}
std::string text_at(const Value& value, std::string_view path) {
    return text_of(at(value, path));
}
std::string number_at(const Value& value, std::string_view path) {
    auto text = text_at(value, path);
    return text.empty() ? "0" : text;
}
std::string truth_at(const Value& value, std::string_view path) {
    return is_true(value, path) ? "true" : "false";
}
std::string optional_truth_at(const Value& value, std::string_view path) {
    if (!has(value, path)) return "<unset>";
    return is_true(value, path) ? "True" : "False";
}
std::vector<std::string> texts_at(const Value& value, std::string_view path) {
    std::vector<std::string> texts;
    for (const auto& item : items_at(value, path)) texts.push_back(text_of(&item));
    return texts;
}
std::string joined_at(const Value& value, std::string_view path, std::string_view between) {
    return table::join(texts_at(value, path), between);
}
std::string bracketed_at(const Value& value, std::string_view path) {
    return fmt::format("[{}]", joined_at(value, path, " "));
}
std::string selector_at(const Value& value, std::string_view path) {
    const auto text = table::selector_text(at(value, path));
    return text ? or_none(*text) : "<error>";
}
std::string bare_selector_at(const Value& value, std::string_view path) {
    return table::selector_text(at(value, path)).value_or("<error>");
}
std::string pairs_at(const Value& value, std::string_view path) {
    return table::labels_text(at(value, path));
}
namespace {

std::optional<Bytes> label_of(const Value* labels, std::string_view key) {
    const auto* label = labels ? labels->find(key) : nullptr;
    return label && label->is_string() ? std::optional<Bytes>(label->string) : std::nullopt;
}

/// nullopt: the operator is none.
std::optional<cluster::Requirement> requirement_of(const Value& expression) {
    using Operator = cluster::Requirement::Operator;
    static constexpr std::array operators{
        std::pair{"In", Operator::in}, std::pair{"NotIn", Operator::not_in},
        std::pair{"Exists", Operator::exists}, std::pair{"DoesNotExist", Operator::absent}};
    for (const auto& [word, op] : operators) {
        if (expression.text("operator") == word)
            return cluster::Requirement{std::string(expression.text("key")), op,
                                        texts_at(expression, "values")};
    }
    return {};
}

}  // namespace

bool selects(const Value* selector, const Value* labels) {
    if (!selector || !selector->is_object()) return false;
    if (const auto* equal = selector->find("matchLabels")) {
        for (const auto& [key, value] : equal->members) {
            if (label_of(labels, key) != std::optional<Bytes>(value.string)) return false;
        }
    }
    for (const auto& expression : items_at(*selector, "matchExpressions")) {
        const auto requirement = requirement_of(expression);
        if (!requirement || !requirement->holds(label_of(labels, requirement->key))) return false;
    }
    return true;
}
std::vector<const Value::Member*> sorted(const Value* map) {
    std::vector<const Value::Member*> members;
    if (map) {
        for (const auto& member : map->members) members.push_back(&member);
    }
    std::sort(members.begin(), members.end(),
              [](const auto* a, const auto* b) { return a->name < b->name; });
    return members;
}

void name(const Subject& subject, Writer& out) {
    out.write(0, "Name:\t{}\n", string_at(subject.object, "metadata.name"));
}
void name_and_namespace(const Subject& subject, Writer& out) {
    name(subject, out);
    out.write(0, "Namespace:\t{}\n", string_at(subject.object, "metadata.namespace"));
}

void labels(Writer& out, std::string_view title, const Value* labels, std::string_view indent) {
    out.write(0, "{}{}:\t", indent, title);
    const auto members = sorted(labels);
    if (members.empty()) return out.end_line("<none>");
    for (const auto* member : members) {
        if (member != members.front()) {
            out.write(0, "{}", indent);
            out.write(0, "\t");
        }
        out.write(0, "{}={}\n", member->name, text_of(&member->value));
    }
}

namespace {

constexpr std::size_t most_of_annotation = 140;
constexpr std::string_view last_applied = "kubectl.kubernetes.io/last-applied-configuration";

std::string shortened(std::string_view text) {
    constexpr auto most = most_of_annotation - 2;
    if (text.size() <= most) return std::string(text);
    return fmt::format("{}...", text.substr(0, most));
}

void annotation(Writer& out, const Value::Member& member) {
    const auto text = text_of(&member.value);
    std::string_view value = text;
    if (value.ends_with('\n')) value.remove_suffix(1);
    const bool is_long = value.size() + member.name.size() + 2 > most_of_annotation;
    if (!is_long && value.find('\n') == std::string_view::npos)
        return out.write(0, "{}: {}\n", member.name, value);
    out.write(0, "{}:\n", member.name);
    for (std::size_t begin = 0; begin <= value.size();) {
        const auto end = std::min(value.find('\n', begin), value.size());
        out.write(0, "\t  {}\n", shortened(value.substr(begin, end - begin)));
        begin = end + 1;
    }
}

}  // namespace

void annotations(Writer& out, std::string_view title, const Value* annotations) {
    out.write(0, "{}:\t", title);
    auto members = sorted(annotations);
    std::erase_if(members, [](const auto* member) { return member->name == last_applied; });
    if (members.empty()) return out.end_line("<none>");
    for (const auto* member : members) {
        if (member != members.front()) out.write(0, "\t");
        annotation(out, *member);
    }
}

void labels_and_annotations(const Subject& subject, Writer& out) {
    labels(out, "Labels", at(subject.object, "metadata.labels"));
    annotations(out, "Annotations", at(subject.object, "metadata.annotations"));
}
void created(const Subject& subject, Writer& out) {
    out.write(0, "CreationTimestamp:\t{}\n", date_at(subject.object, "metadata.creationTimestamp"));
}
void controller(const Subject& subject, Writer& out) {
    for (const auto& owner : items_at(subject.object, "metadata.ownerReferences")) {
        if (!is_true(owner, "controller")) continue;
        return out.write(0, "Controlled By:\t{}/{}\n", owner.text("kind"), owner.text("name"));
    }
}
void lines(Writer& out, std::string_view title, const std::vector<std::string>& texts) {
    out.write(0, "{}:\t", title);
    if (texts.empty()) return out.end_line("<none>");
    for (std::size_t i = 0; i < texts.size(); ++i)
        out.write(0, "{}{}\n", i == 0 ? "" : "\t", texts[i]);
}

void conditions(const Subject& subject, Writer& out, std::span<const ConditionColumn> columns) {
    const auto all = items_at(subject.object, "status.conditions");
    if (all.empty()) return;
    std::vector<std::string> headers, rules;
    for (const auto& column : columns) {
        headers.emplace_back(column.header);
        rules.emplace_back(column.rule > 0 ? column.rule : column.header.size(), '-');
    }
    out.write(0, "Conditions:\n");
    out.write(1, "{}\n", table::join(headers, "\t"));
    out.write(1, "{}\n", table::join(rules, "\t"));
    for (const auto& condition : all) {
        std::vector<std::string> cells;
        for (const auto& column : columns) {
            cells.push_back(column.is_time ? date_at(condition, column.field)
                                           : text_at(condition, column.field));
            if (column.has_blank_behind) cells.back() += ' ';
        }
        out.write(1, "{}\n", table::join(cells, "\t"));
    }
}

}  // namespace salvor::describe
