#pragma once

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

#include "formats/text/go_json.hpp"
#include "formats/text/number.hpp"

namespace salvor::text {

/// Writes one JSON value into a string, told piece by piece; members in the order in which they are
/// told.
class JsonWriter {
 public:
    /// `indent` 0: compact, else each level by so many spaces, as kubectl with 4. `level`: of the
    /// first line.
    explicit JsonWriter(std::string& out, int indent = 0, int level = 0)
        : out_(&out), indent_(indent), level_(level) {}

    void null() { value("null"); }
    void boolean(bool truth) { value(truth ? "true" : "false"); }
    void integer(std::int64_t number) { digits(number); }
    void unsigned_integer(std::uint64_t number) { digits(number); }
    void real(double number) {
        separate();
        append_json_number(*out_, number);
    }
    void string(std::string_view text) {
        separate();
        append_go_string(*out_, text);
    }
    void begin_object() { open('{'); }
    void end_object() { close('}'); }
    void begin_array() { open('['); }
    void end_array() { close(']'); }
    void key(std::string_view name) {
        separate();
        append_go_string(*out_, name);
        *out_ += indent_ > 0 ? ": " : ":";
        after_key_ = true;
    }
    /// A key that is known to need no escaping, with its quotes and its colon.
    void key_as_written(std::string_view quoted) {
        separate();
        *out_ += quoted;
        if (indent_ > 0) *out_ += ' ';
        after_key_ = true;
    }

 private:
    void separate() {
        if (after_key_) {
            after_key_ = false;
            return;
        }
        if (!first_) *out_ += ',';
        line();
        first_ = false;
    }
    void line() {
        if (indent_ == 0 || depth_ == 0) return;
        *out_ += '\n';
        out_->append(static_cast<std::size_t>(indent_) * static_cast<std::size_t>(level_), ' ');
    }
    void value(std::string_view text) {
        separate();
        *out_ += text;
    }
    template <class Number>
    void digits(Number number) {
        separate();
        char buffer[24];
        out_->append(buffer, std::to_chars(buffer, buffer + sizeof buffer, number).ptr);
    }
    void open(char bracket) {
        separate();
        *out_ += bracket;
        ++level_;
        ++depth_;
        first_ = true;
    }
    void close(char bracket) {
        --level_;
        const bool empty = first_;
        if (!empty) line();
        --depth_;
        *out_ += bracket;
        first_ = false;
    }

    std::string* out_;
    int indent_;
    int level_;
    int depth_ = 0;
    bool first_ = true;
    bool after_key_ = false;
};

}  // namespace salvor::text
