#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "formats/base/bytes.hpp"
#include "formats/base/result.hpp"
#include "formats/kube/value.hpp"

// kubectl's JSONPath templates: text with {actions}. Source: client-go util/jsonpath

namespace salvor::cluster {

class JsonPath {
 public:
    /// `{.metadata.name}{"\t"}{range .items[?(@.a=="b")]}{.x[-1:]}{end}`. Error: usage.
    static Result<JsonPath> parse(Bytes text);
    /// One path as kubectl takes it in columns and sort keys: x.y, .x.y, {x.y} or {.x.y}.
    static Result<JsonPath> parse_path(Bytes text);

    /// Values, and those that the template itself made.
    struct Found {
        std::vector<const kube::Value*> values;
        std::vector<std::unique_ptr<kube::Value>> made;
    };
    /// What each action finds, one after another. Error: usage (the path does not fit the value).
    Result<std::vector<Found>> find(const kube::Value& root) const;
    /// What `-o jsonpath=` prints.
    Result<std::string> print(const kube::Value& root) const;

    /// print() onto a text; `goes_on`: values of this path were printed there before. Gives whether
    /// any were now or before.
    Result<bool> print_onto(std::string& out, const kube::Value& root, bool goes_on) const;
    /// The template of a List in parts, of which each is told the List's items one after another,
    /// as Lists of one; nullopt where it asks for the List as a whole.
    std::optional<std::vector<JsonPath>> by_items() const;
    /// Whether a part that by_items() gave asks for items; else it is told one List without any.
    bool asks_for_items() const;

    struct Node;
    using Nodes = std::vector<Node>;

 private:
    std::vector<Nodes> actions_;
};

/// A value as Go's fmt prints it: map[a:1 b:[x y]], <nil>.
std::string go_text(const kube::Value& value);

struct JsonPath::Node {
    enum class Kind {
        text,  ///< text outside of braces, or quoted
        field,
        slice,
        filter,
        integer,
        real,
        boolean,
        wildcard,
        recursive,
        several,  ///< [a,b]
        range,
        end,
    };
    Kind kind;
    std::string text{};  ///< of text, field; of a filter the operator, empty: exists
    std::int64_t integer = 0;
    double real = 0;
    std::array<std::optional<std::int64_t>, 3> bounds{};  ///< of a slice: first, behind last, step
    bool is_index = false;                                ///< [n], no [n:m]
    std::vector<Nodes> parts{};  ///< of a filter left and right; of several all
};

}  // namespace salvor::cluster
