#include "core/cluster/json_path.hpp"

#include <algorithm>
#include <utility>

#include "formats/kube/sinks.hpp"
#include "formats/text/number.hpp"

namespace salvor::cluster {
namespace {

using kube::Value;
using Node = JsonPath::Node;
using Nodes = JsonPath::Nodes;
using Kind = Node::Kind;
using Values = std::vector<const Value*>;

constexpr std::size_t max_depth = 100;  ///< of ranges within each other

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
            keep(std::move(found.made));
            at = behind_range(at + 1);
        }
        return at;
    }

 private:
    /// A range over texts of the template: what was found within points at them.
    void keep(std::vector<std::unique_ptr<Value>> made) {
        if (out_.empty()) return;
        auto& kept = out_.back().made;
        kept.insert(kept.end(), std::make_move_iterator(made.begin()),
                    std::make_move_iterator(made.end()));
    }

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
    std::string out;
    SALVOR_CHECK(print_onto(out, root, false));
    return out;
}

Result<bool> JsonPath::print_onto(std::string& out, const Value& root, bool goes_on) const {
    SALVOR_TRY(const auto found, find(root));
    for (const auto& one : found) {
        bool follows = goes_on && actions_.size() == 1;
        for (const auto* value : one.values) {
            if (std::exchange(follows, true)) out += ' ';
            const bool nested = value->is_array() || value->is_object();
            out += nested ? json_of(*value) : value->is_null() ? "null" : go_text(*value);
            goes_on = true;
        }
    }
    return goes_on;
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
