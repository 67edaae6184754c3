#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace salvor::kube {

/// JSON's values with Go's numbers: integers that fit int64 or uint64 stay integers, every other is
/// a float64. Strings and keys are views: into what was decoded, or into the Document that owns the
/// rest.
struct Value {
    enum class Type : std::uint8_t {
        null,
        boolean,
        integer,
        unsigned_integer,
        real,
        string,
        array,
        object
    };
    struct Member;

    Type type = Type::null;
    union {
        bool boolean;
        std::int64_t integer = 0;
        std::uint64_t unsigned_integer;
        double real;
    };
    std::string_view string;
    std::vector<Value> items;     ///< of an array
    std::vector<Member> members;  ///< of an object, in the order they came; names are unique

    static Value of(std::string_view text);
    static Value of(std::int64_t number);
    static Value of(bool truth);
    static Value object();
    static Value array();

    bool is_null() const { return type == Type::null; }
    bool is_object() const { return type == Type::object; }
    bool is_array() const { return type == Type::array; }
    bool is_string() const { return type == Type::string; }
    bool operator==(const Value& other) const;

    /// A member by name; nullptr where it is absent or this is no object.
    const Value* find(std::string_view name) const;
    Value* find(std::string_view name);
    /// By names one below the other.
    const Value* at(std::initializer_list<std::string_view> path) const;
    /// A string member's text, else "".
    std::string_view text(std::string_view name) const;
    /// Sets or replaces; makes this an object where it is null.
    Value& set(std::string_view name, Value value);
    bool erase(std::string_view name);
};

struct Value::Member {
    std::string_view name;
    Value value;
};

/// A value and the texts that it had to make, such as unescaped strings and dates.
struct Document {
    Value root;
    std::deque<std::string> texts;
    std::deque<std::string> blocks;  ///< of short texts, one behind another
    std::string_view keep(std::string text) { return texts.emplace_back(std::move(text)); }
    /// A copy of a text.
    std::string_view copy(std::string_view text);
};

/// Beyond what any real object needs; a walk over a value may recurse this far.
constexpr std::size_t max_value_depth = 1000;

}  // namespace salvor::kube
