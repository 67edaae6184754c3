#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace salvor::describe {

/// A description as it grows: lines with two blanks of indent a level, their cells with tabs
/// between; who prints it makes the columns. Nothing but whole writes is indented, so a line may be
/// put together by several.
class Writer {
 public:
    template <class... Args>
    void write(std::size_t level, fmt::format_string<Args...> format, Args&&... args) {
        indent(level);
        fmt::format_to(std::back_inserter(text_), format, std::forward<Args>(args)...);
    }
    /// The end of a line: indented only within a Deeper.
    void end_line(std::string_view text) {
        if (base_ > 0) indent(0);
        text_.append(text).append("\n");
    }
    std::string take() { return std::move(text_); }

 private:
    friend class Deeper;
    void indent(std::size_t level) { text_.append(2 * (level + base_), ' '); }

    std::string text_;
    std::size_t base_ = 0;
};

/// While it lives, all is written some levels deeper.
class Deeper {
 public:
    Deeper(Writer& writer, std::size_t levels) : writer_(writer), levels_(levels) {
        writer_.base_ += levels_;
    }
    Deeper(const Deeper&) = delete;
    Deeper& operator=(const Deeper&) = delete;
    ~Deeper() { writer_.base_ -= levels_; }

 private:
    Writer& writer_;
    std::size_t levels_;
};

}  // namespace salvor::describe
