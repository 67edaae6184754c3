#pragma once

#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

#include "formats/text/verbatim.hpp"

namespace salvor::text {

/// Writes one JSON value into a string, told piece by piece; members in the order in which they are
/// told. The string has the text once the value has ended, and before that after settle(); until
/// then nobody else may touch it.
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
    void real(double number);
    void string(std::string_view text) {
        separate(text.size() + 2);
        quoted(text);
        ended();
    }
    void begin_object() { open('{'); }
    void end_object() { close('}'); }
    void begin_array() { open('['); }
    void end_array() { close(']'); }
    void key(std::string_view name) {
        separate(name.size() + 4);
        quoted(name);
        room(2);
        *at_++ = ':';
        if (indent_ > 0) *at_++ = ' ';
        after_key_ = true;
    }
    /// A key that is known to need no escaping, with its quotes and its colon.
    void key_as_written(std::string_view quoted) {
        separate(quoted.size() + 1);
        at_ = copy_short(at_, quoted.data(), quoted.size());
        if (indent_ > 0) *at_++ = ' ';
        after_key_ = true;
    }
    /// Gives the string what was told so far.
    void settle() {
        if (!at_) return;
        out_->resize(static_cast<std::size_t>(at_ - out_->data()));
        at_ = end_ = nullptr;
    }

 private:
    /// Makes room for so many bytes at at_.
    void room(std::size_t size) {
        if (static_cast<std::size_t>(end_ - at_) < size) grow(size);
    }
    void grow(std::size_t size);
    /// What stands before a value or a key, and room for `size` bytes of that.
    void separate(std::size_t size) {
        const auto spaces = static_cast<std::size_t>(indent_) * static_cast<std::size_t>(level_);
        room(size + 2 + spaces);
        if (after_key_) {
            after_key_ = false;
            return;
        }
        if (!first_) *at_++ = ',';
        line(spaces);
        first_ = false;
    }
    void line(std::size_t spaces) {
        if (indent_ == 0 || depth_ == 0) return;
        *at_++ = '\n';
        std::memset(at_, ' ', spaces);
        at_ += spaces;
    }
    void quoted(std::string_view text) {
        if (!copy_verbatim(at_ + 1, text)) return escaped(text);
        *at_ = '"';
        at_ += text.size() + 2;
        at_[-1] = '"';
    }
    void escaped(std::string_view text);
    void value(std::string_view text) {
        separate(text.size());
        at_ = copy_short(at_, text.data(), text.size());
        ended();
    }
    template <class Number>
    void digits(Number number) {
        constexpr std::size_t longest = 24;
        separate(longest);
        at_ = std::to_chars(at_, at_ + longest, number).ptr;
        ended();
    }
    void open(char bracket) {
        separate(1);
        *at_++ = bracket;
        ++level_;
        ++depth_;
        first_ = true;
    }
    void close(char bracket) {
        --level_;
        const auto spaces = static_cast<std::size_t>(indent_) * static_cast<std::size_t>(level_);
        room(spaces + 2);
        if (!first_) line(spaces);
        --depth_;
        *at_++ = bracket;
        first_ = false;
        ended();
    }
    void ended() {
        if (depth_ == 0) settle();
    }

    std::string* out_;
    char* at_ = nullptr;   ///< where the next byte goes; nullptr: at the string's end
    char* end_ = nullptr;  ///< of the room in the string
    int indent_;
    int level_;
    int depth_ = 0;
    bool first_ = true;
    bool after_key_ = false;
};

}  // namespace salvor::text
