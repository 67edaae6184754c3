#pragma once

#include <functional>
#include <string>
#include <vector>

#include "formats/base/bytes.hpp"
#include "formats/kube/render.hpp"

namespace salvor::query {

/// A field of an object that is told: its path as jsonpath has it, `spec.containers[0].image`,
/// `metadata.labels["a.b/c"]`, and its text.
struct Field {
    enum class Kind : std::uint8_t {
        text,
        bytes,  ///< as they are, not in base64
        name    ///< of a label, an annotation, a piece of data: a map's key
    };
    Kind kind;
    Bytes text;
};

/// A sink that hands over one field after the other. The path is made when it is asked for.
class FieldSink {
 public:
    static constexpr kube::Order order = kube::Order::json;
    /// `kind`: of the object that is told; empty: base64 stays what it is.
    FieldSink(Bytes kind, std::function<void(const Field&)> each)
        : kind_(kind), each_(std::move(each)) {}

    std::string path() const;

    void null() { step(); }
    void boolean(bool truth) { tell(truth ? "true" : "false"); }
    void integer(std::int64_t number) { tell(std::to_string(number)); }
    void unsigned_integer(std::uint64_t number) { tell(std::to_string(number)); }
    void real(double number);
    void string(std::string_view text);
    void begin_object() { open(false); }
    void end_object() { close(); }
    void begin_array() { open(true); }
    void end_array() { close(); }
    void key(std::string_view name);

 private:
    struct Level {
        std::string name;  ///< of the member that is told
        std::size_t next = 0;
        bool is_array = false;
        bool is_map = false;  ///< names are the user's
    };
    /// An item of an array has its place.
    void step() {
        if (!levels_.empty() && levels_.back().is_array) ++levels_.back().next;
    }
    void tell(std::string_view text) {
        step();
        each_({Field::Kind::text, text});
    }
    /// Whether the text that is told is the base64 of bytes.
    bool is_bytes() const;
    void open(bool is_array);
    void close() { levels_.pop_back(); }

    Bytes kind_;
    std::function<void(const Field&)> each_;
    std::vector<Level> levels_;
};

}  // namespace salvor::query
