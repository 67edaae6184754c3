#include "core/cluster/json_path.hpp"

#include <algorithm>
#include <charconv>

#include "formats/text/escape.hpp"

namespace salvor::cluster {
namespace {

using Node = JsonPath::Node;
using Nodes = JsonPath::Nodes;
using Kind = Node::Kind;

constexpr std::size_t max_depth = 100;  ///< of filters and lists within each other

bool ends_name(char c) {
    return Bytes(" \t\r\n.,[]$@{}").find(c) != Bytes::npos;
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
/// Letters of all scripts begin with a byte above ASCII.
bool begins_name(char c) {
    return c == '_' || is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           static_cast<signed char>(c) < 0;
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

}  // namespace salvor::cluster
