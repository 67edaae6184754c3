#include "core/cluster/json_path.hpp"

#include <algorithm>
#include <charconv>

#include "formats/kube/sinks.hpp"
#include "formats/text/escape.hpp"
#include "formats/text/number.hpp"

namespace salvor::cluster {
namespace {

using kube::Value;
using Node = JsonPath::Node;
using Nodes = JsonPath::Nodes;
using Kind = Node::Kind;
using Values = std::vector<const Value*>;

constexpr std::size_t max_depth = 100;  ///< of filters and lists within each other

bool ends_name(char c) {
    return Bytes(" \t\r\n.,[]$@{}").find(c) != Bytes::npos;
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
/// Letters of all scripts begin with a byte above ASCII.
bool begins_name(char c) {
    return c == '_' || is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c < 0;
}
Bytes trimmed(Bytes text) {
    const auto first = text.find_first_not_of(' ');
    if (first == Bytes::npos) return {};
    return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

std::optional<std::int64_t> whole(Bytes text) {
    if (text.starts_with('+')) text.remove_prefix(1);
    std::int64_t number = 0;
    const auto* last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, number);
    return error == std::errc{} && end == last ? std::optional(number) : std::nullopt;
}

/// Reads what stands within one pair of braces.
class ActionParser {
 public:
    ActionParser(Bytes text, std::size_t depth) : text_(text), rest_(text), depth_(depth) {}

    Result<Nodes> all() {
        if (depth_ > max_depth) return wrong("less deep nesting");
        Nodes nodes;
        while (!rest_.empty()) SALVOR_CHECK(one(nodes));
        return nodes;
    }

 private:
    Result<void> one(Nodes& nodes) {
        if (rest_.starts_with("[?(")) return filter(nodes);
        if (rest_.starts_with("..")) return recursive(nodes);
        const char c = rest_.front();
        if (c == ' ' || c == '@' || c == '$') {
            rest_.remove_prefix(1);
            return {};
        }
        if (c == '[') return bracket(nodes);
        if (c == '"' || c == '\'') return quoted(nodes, c);
        if (c == '.') {
            rest_.remove_prefix(1);
            return field(nodes);
        }
        if (c == '+' || c == '-' || is_digit(c)) return number(nodes);
        if (begins_name(c)) return word(nodes);
        return wrong("a path");
    }

    Result<void> field(Nodes& nodes) {
        std::string name;
        while (!rest_.empty() && !ends_name(rest_.front())) {
            if (rest_.front() == '\\') {
                rest_.remove_prefix(1);
                if (rest_.empty()) break;
            }
            name += rest_.front();
            rest_.remove_prefix(1);
        }
        if (name == "*") {
            nodes.push_back({.kind = Kind::wildcard});
        } else {
            nodes.push_back({.kind = Kind::field, .text = std::move(name)});
        }
        return {};
    }

    Result<void> recursive(Nodes& nodes) {
        if (!nodes.empty() && nodes.back().kind == Kind::recursive) return wrong("one .. alone");
        rest_.remove_prefix(2);
        nodes.push_back({.kind = Kind::recursive});
        return !rest_.empty() && begins_name(rest_.front()) ? field(nodes) : Result<void>{};
    }

    Result<void> word(Nodes& nodes) {
        const auto end = std::find_if(rest_.begin(), rest_.end(), ends_name);
        const auto name = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
        if (name == "range" || name == "end") {
            nodes.push_back({.kind = name == "end" ? Kind::end : Kind::range});
        } else if (name == "true" || name == "false") {
            nodes.push_back({.kind = Kind::boolean, .integer = name == "true"});
        } else {
            return wrong("a dot before a name; range, end, true and false alone have none");
        }
        rest_.remove_prefix(name.size());
        return {};
    }

    Result<void> number(Nodes& nodes) {
        std::size_t size = 1;
        while (size < rest_.size() && (is_digit(rest_[size]) || rest_[size] == '.')) ++size;
        auto digits = rest_.substr(0, size);
        if (const auto integer = whole(digits)) {
            nodes.push_back({.kind = Kind::integer, .integer = *integer});
        } else {
            Node node{.kind = Kind::real};
            if (digits.starts_with('+')) digits.remove_prefix(1);
            const auto* last = digits.data() + digits.size();
            if (std::from_chars(digits.data(), last, node.real).ptr != last)
                return wrong("a number");
            nodes.push_back(std::move(node));
        }
        rest_.remove_prefix(size);
        return {};
    }

    /// Up to the quote that no backslash stands before.
    Result<void> quoted(Nodes& nodes, char quote) {
        std::string text;
        std::size_t at = 1;
        for (; at < rest_.size() && rest_[at] != quote; ++at) {
            if (rest_[at] != '\\') {
                text += rest_[at];
                continue;
            }
            if (++at == rest_.size()) break;
            const auto escape = Bytes("abfnrtv").find(rest_[at]);
            text += escape == Bytes::npos ? rest_[at] : "\a\b\f\n\r\t\v"[escape];
        }
        if (at >= rest_.size()) return wrong("a closing quote");
        nodes.push_back({.kind = Kind::text, .text = std::move(text)});
        rest_.remove_prefix(at + 1);
        return {};
    }

    Result<void> bracket(Nodes& nodes) {
        const auto end = rest_.find(']');
        if (end == Bytes::npos) return wrong("a closing bracket");
        const auto inside = rest_.substr(1, end - 1);
        rest_.remove_prefix(end + 1);
        if (inside.find(',') == Bytes::npos) return element(nodes, inside);
        Node several{.kind = Kind::several};
        for (std::size_t at = 0; at <= inside.size();) {
            const auto comma = std::min(inside.find(',', at), inside.size());
            SALVOR_CHECK(
                element(several.parts.emplace_back(), trimmed(inside.substr(at, comma - at))));
            at = comma + 1;
        }
        nodes.push_back(std::move(several));
        return {};
    }

    Result<void> element(Nodes& nodes, Bytes inside) {
        const bool is_key = inside.size() > 2 && inside.front() == '\'' && inside.back() == '\'';
        if (is_key) {
            ActionParser parser(inside.substr(1, inside.size() - 2), depth_ + 1);
            SALVOR_CHECK(parser.field(nodes));
            return parser.rest_.empty() ? Result<void>{} : parser.path_behind(nodes);
        }
        Node slice{.kind = Kind::slice};
        if (inside == "*") inside = ":";
        std::size_t count = 0;
        for (std::size_t at = 0; at <= inside.size(); ++count) {
            const auto colon = std::min(inside.find(':', at), inside.size());
            const auto bound = trimmed(inside.substr(at, colon - at));
            if (count == slice.bounds.size()) return wrong("at most two colons in brackets");
            if (!bound.empty() && !(slice.bounds[count] = whole(bound)))
                return wrong("a number, a range a:b:c, 'a key' or * in brackets");
            at = colon + 1;
        }
        slice.is_index = count == 1;
        if (slice.is_index && !slice.bounds[0]) return wrong("something in the brackets");
        nodes.push_back(std::move(slice));
        return {};
    }

    /// ['a.b'] is .a.b, as upstream has it; a dot within a key has a backslash before it.
    Result<void> path_behind(Nodes& nodes) {
        while (!rest_.empty()) SALVOR_CHECK(one(nodes));
        return {};
    }

    Result<void> filter(Nodes& nodes) {
        const auto end = filter_end();
        if (end == Bytes::npos) return wrong(")] at the end of a filter");
        const auto inside = rest_.substr(3, end - 3);
        rest_.remove_prefix(end + 2);
        const auto first = inside.find_first_of("!<>=");
        Node node{.kind = Kind::filter};
        if (first == Bytes::npos || first == 0) {
            SALVOR_TRY(auto path, ActionParser(inside, depth_ + 1).all());
            node.parts.push_back(std::move(path));
        } else {
            const auto last = inside.find_first_not_of("!<>=", first);
            if (last == Bytes::npos) return wrong("something to compare with");
            node.text = inside.substr(first, last - first);
            if (Bytes(" == != < > <= >= ").find(" " + node.text + " ") == Bytes::npos)
                return wrong("one of == != < > <= >=");
            SALVOR_TRY(auto left, ActionParser(inside.substr(0, first), depth_ + 1).all());
            SALVOR_TRY(auto right, ActionParser(inside.substr(last), depth_ + 1).all());
            node.parts = {std::move(left), std::move(right)};
        }
        nodes.push_back(std::move(node));
        return {};
    }

    /// Of the parenthesis that no quotes stand around; npos: there is none.
    std::size_t filter_end() const {
        char quote = 0;
        for (std::size_t at = 3; at < rest_.size(); ++at) {
            const char c = rest_[at];
            if (quote != 0) {
                if (c == quote && rest_[at - 1] != '\\') quote = 0;
            } else if (c == '"' || c == '\'') {
                quote = c;
            } else if (c == ')') {
                return at + 1 < rest_.size() && rest_[at + 1] == ']' ? at : Bytes::npos;
            }
        }
        return Bytes::npos;
    }

    std::unexpected<Error> wrong(const char* wanted) const {
        return fail(ErrorCode::usage, "JSONPath {}: at {} it needs {}", text::Escaped{text_},
                    rest_.empty() ? std::string("its end") : text::escape(rest_), wanted);
    }

    Bytes text_;
    Bytes rest_;
    std::size_t depth_;
};

/// Where the braces that open at the text's start close, quotes minded; npos: nowhere.
std::size_t action_end(Bytes text) {
    char quote = 0;
    for (std::size_t at = 1; at < text.size(); ++at) {
        const char c = text[at];
        if (quote != 0) {
            if (c == quote && text[at - 1] != '\\') quote = 0;
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c == '}') {
            return at;
        }
    }
    return Bytes::npos;
}

}  // namespace

Result<JsonPath> JsonPath::parse(Bytes text) {
    JsonPath path;
    while (!text.empty()) {
        if (text.front() != '{') {
            const auto brace = std::min(text.find('{'), text.size());
            path.actions_.push_back(
                {{.kind = Kind::text, .text = std::string(text.substr(0, brace))}});
            text.remove_prefix(brace);
            continue;
        }
        const auto end = action_end(text);
        if (end == Bytes::npos) {
            return fail(ErrorCode::usage, "JSONPath {}: a brace is open to the end",
                        text::Escaped{text});
        }
        SALVOR_TRY(auto nodes, ActionParser(text.substr(1, end - 1), 0).all());
        path.actions_.push_back(std::move(nodes));
        text.remove_prefix(end + 1);
    }
    return path;
}

Result<JsonPath> JsonPath::parse_path(Bytes text) {
    if (text.starts_with('{') && text.ends_with('}')) text = text.substr(1, text.size() - 2);
    const bool has_start = text.starts_with('.') || text.starts_with('[');
    return parse(fmt::format("{{{}{}}}", has_start ? "" : ".", text));
}

namespace {

const char* kind_of(const Value& value) {
    switch (value.type) {
        case Value::Type::null: return "null";
        case Value::Type::boolean: return "a boolean";
        case Value::Type::integer:
        case Value::Type::unsigned_integer:
        case Value::Type::real: return "a number";
        case Value::Type::string: return "a string";
        case Value::Type::array: return "a list";
        case Value::Type::object: return "an object";
    }
    return "";
}

/// -1, 0, 1; nullopt where the two cannot be compared.
std::optional<int> compared(const Value& a, const Value& b) {
    const auto order = [](const auto& x, const auto& y) { return x < y ? -1 : y < x ? 1 : 0; };
    if (a.type != b.type) return {};
    switch (a.type) {
        case Value::Type::boolean: return order(a.boolean, b.boolean);
        case Value::Type::integer: return order(a.integer, b.integer);
        case Value::Type::unsigned_integer: return order(a.unsigned_integer, b.unsigned_integer);
        case Value::Type::real: return order(a.real, b.real);
        case Value::Type::string: return order(a.string, b.string);
        default: return {};
    }
}

bool passes(Bytes op, int order) {
    if (op == "==") return order == 0;
    if (op == "!=") return order != 0;
    if (op == "<") return order < 0;
    if (op == ">") return order > 0;
    return op == "<=" ? order <= 0 : order >= 0;
}

/// Members by name, since the order of Go's maps is none.
Values children(const Value& value) {
    Values found;
    for (const auto& item : value.items) found.push_back(&item);
    std::vector<const Value::Member*> members;
    for (const auto& member : value.members) members.push_back(&member);
    std::sort(members.begin(), members.end(),
              [](const auto* a, const auto* b) { return a->name < b->name; });
    for (const auto* member : members) found.push_back(&member->value);
    return found;
}

void descend(const Value& value, Values& found, std::size_t depth) {
    const auto below = children(value);
    if (below.empty() || depth > kube::max_value_depth) return;
    found.push_back(&value);
    for (const auto* child : below) descend(*child, found, depth + 1);
}

class Walk {
 public:
    explicit Walk(std::vector<std::unique_ptr<Value>>& made) : made_(made) {}

    Result<Values> all(const Nodes& nodes, Values values) {
        for (const auto& node : nodes) {
            SALVOR_TRY(values, step(node, values));
        }
        return values;
    }

 private:
    Result<Values> step(const Node& node, const Values& values) {
        Values found;
        switch (node.kind) {
            case Kind::range:
            case Kind::end: return values;
            case Kind::text: return Values{literal(node)};
            case Kind::integer:
            case Kind::real:
            case Kind::boolean: return Values(values.size(), literal(node));
            case Kind::several:
                for (const auto& part : node.parts) {
                    SALVOR_TRY(const auto some, all(part, values));
                    found.insert(found.end(), some.begin(), some.end());
                }
                return found;
            default: break;
        }
        for (const auto* value : values) SALVOR_CHECK(of_one(node, *value, found));
        return found;
    }

    Result<void> of_one(const Node& node, const Value& value, Values& found) {
        switch (node.kind) {
            case Kind::field:
                if (const auto* member = value.find(node.text)) found.push_back(member);
                return {};
            case Kind::wildcard:
                for (const auto* child : children(value)) found.push_back(child);
                return {};
            case Kind::recursive: descend(value, found, 0); return {};
            case Kind::slice: return slice(node, value, found);
            default: return filter(node, value, found);
        }
    }

    static Result<void> slice(const Node& node, const Value& value, Values& found) {
        if (value.is_null()) return {};
        if (!value.is_array())
            return fail(ErrorCode::usage, "JSONPath: {} is no list to take an element of",
                        kind_of(value));
        const auto size = static_cast<std::int64_t>(value.items.size());
        auto first = node.bounds[0].value_or(0);
        auto last = node.is_index ? first + 1 : node.bounds[1].value_or(size);
        const auto step = node.bounds[2].value_or(1);
        if (first < 0) first += size;
        if (last < 0 || (last == 0 && node.is_index)) last += size;
        if (first == last) return {};
        if (first < 0 || first >= size || last < 0 || last > size || first > last)
            return fail(ErrorCode::usage, "JSONPath: a list of {} has no elements {} to {}", size,
                        first, last - 1);
        if (step < 1) return fail(ErrorCode::usage, "JSONPath: a step of {}", step);
        for (auto i = first; i < last; i += step)
            found.push_back(&value.items[static_cast<std::size_t>(i)]);
        return {};
    }

    Result<void> filter(const Node& node, const Value& value, Values& found) {
        if (!value.is_array())
            return fail(ErrorCode::usage, "JSONPath: {} is no list to filter", kind_of(value));
        for (const auto& item : value.items) {
            SALVOR_TRY(const bool pass, holds(node, item));
            if (pass) found.push_back(&item);
        }
        return {};
    }

    Result<bool> holds(const Node& node, const Value& item) {
        auto left = all(node.parts[0], {&item});
        if (node.text.empty()) return left && !left->empty();
        if (!left) return std::unexpected(left.error());
        SALVOR_TRY(const auto right, all(node.parts[1], {&item}));
        if (left->empty() || right.empty()) return false;
        if (left->size() > 1 || right.size() > 1)
            return fail(ErrorCode::usage, "JSONPath: {} compares one value with one", node.text);
        const auto order = compared(*left->front(), *right.front());
        if (!order) {
            return fail(ErrorCode::usage, "JSONPath: {} cannot compare {} with {}", node.text,
                        kind_of(*left->front()), kind_of(*right.front()));
        }
        return passes(node.text, *order);
    }

    const Value* literal(const Node& node) {
        auto& value = *made_.emplace_back(std::make_unique<Value>());
        switch (node.kind) {
            case Kind::integer: value = Value::of(node.integer); break;
            case Kind::boolean: value = Value::of(node.integer != 0); break;
            case Kind::real:
                value.type = Value::Type::real;
                value.real = node.real;
                break;
            default: value = Value::of(Bytes(node.text)); break;
        }
        return &value;
    }

    std::vector<std::unique_ptr<Value>>& made_;
};

bool has(const Nodes& nodes, Kind kind) {
    return std::any_of(nodes.begin(), nodes.end(), [&](const Node& n) { return n.kind == kind; });
}

/// Runs actions in order; a range runs those up to its end once a value.
class Run {
 public:
    Run(const std::vector<Nodes>& actions, std::vector<JsonPath::Found>& out)
        : actions_(actions), out_(out) {}

    /// From action `at` on, to the end of the range that it stands in. Gives the place behind.
    Result<std::size_t> from(std::size_t at, const Value& current, std::size_t ranges) {
        for (; at < actions_.size(); ++at) {
            const auto& nodes = actions_[at];
            if (has(nodes, Kind::end)) {
                if (ranges == 0) return fail(ErrorCode::usage, "JSONPath: an end without a range");
                return at;
            }
            JsonPath::Found found;
            SALVOR_TRY(found.values, Walk(found.made).all(nodes, {&current}));
            if (!has(nodes, Kind::range)) {
                out_.push_back(std::move(found));
                continue;
            }
            if (ranges == max_depth)
                return fail(ErrorCode::usage, "JSONPath: ranges within each other, {} deep",
                            ranges);
            for (const auto* value : found.values) {
                SALVOR_CHECK(from(at + 1, *value, ranges + 1));
            }
            at = behind_range(at + 1);
        }
        return at;
    }

 private:
    /// Where the range's end stands.
    std::size_t behind_range(std::size_t at) const {
        std::size_t open = 1;
        for (; at < actions_.size(); ++at) {
            if (has(actions_[at], Kind::range)) ++open;
            if (has(actions_[at], Kind::end) && --open == 0) return at;
        }
        return at;
    }

    const std::vector<Nodes>& actions_;
    std::vector<JsonPath::Found>& out_;
};

std::string json_of(const Value& value) {
    std::string out;
    kube::JsonSink sink(out);
    kube::tell(value, sink);
    return out;
}

}  // namespace

Result<std::vector<JsonPath::Found>> JsonPath::find(const Value& root) const {
    std::vector<Found> found;
    SALVOR_CHECK(Run(actions_, found).from(0, root, 0));
    return found;
}

Result<std::string> JsonPath::print(const Value& root) const {
    SALVOR_TRY(const auto found, find(root));
    std::string out;
    for (const auto& one : found) {
        for (std::size_t i = 0; i < one.values.size(); ++i) {
            const auto* value = one.values[i];
            if (i > 0) out += ' ';
            const bool nested = value->is_array() || value->is_object();
            out += nested ? json_of(*value) : value->is_null() ? "null" : go_text(*value);
        }
    }
    return out;
}

std::string go_text(const Value& value) {
    std::string out;
    switch (value.type) {
        case Value::Type::null: return "<nil>";
        case Value::Type::boolean: return value.boolean ? "true" : "false";
        case Value::Type::integer: return std::to_string(value.integer);
        case Value::Type::unsigned_integer: return std::to_string(value.unsigned_integer);
        case Value::Type::real: text::append_yaml_number(out, value.real); return out;
        case Value::Type::string: return std::string(value.string);
        case Value::Type::array:
            for (const auto& item : value.items) out += (out.empty() ? "" : " ") + go_text(item);
            return "[" + out + "]";
        case Value::Type::object: break;
    }
    std::vector<const Value::Member*> members;
    for (const auto& member : value.members) members.push_back(&member);
    std::sort(members.begin(), members.end(),
              [](const auto* a, const auto* b) { return a->name < b->name; });
    for (const auto* member : members) {
        out += fmt::format("{}{}:{}", out.empty() ? "" : " ", member->name, go_text(member->value));
    }
    return "map[" + out + "]";
}

}  // namespace salvor::cluster
