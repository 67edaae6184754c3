#include "core/report/page.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace salvor::report {
namespace {

constexpr std::size_t width = 100;
constexpr std::size_t label_width = 14;
constexpr std::size_t table_indent = 2;

/// Terminal columns, near enough: code points. Wide letters count as one.
std::size_t columns_of(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    }));
}

std::string padded(std::string_view text, std::size_t to) {
    const auto has = columns_of(text);
    return std::string(text) + std::string(to > has ? to - has : 0, ' ');
}

/// The space to break a line at: the last that keeps it within `room`, else the first behind that;
/// none between backquotes, where a command stands. npos: the line fits, or has none.
std::size_t place_of_break(std::string_view text, std::size_t room) {
    std::size_t place = std::string_view::npos, columns = 0;
    bool in_command = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '`') in_command = !in_command;
        if (text[i] == ' ' && !in_command && columns > 0) {
            if (columns > room) return place != std::string_view::npos ? place : i;
            place = i;
        }
        columns += columns_of(text.substr(i, 1));
    }
    return columns > room ? place : std::string_view::npos;
}

std::string without_trailing_spaces(std::string line) {
    line.erase(line.find_last_not_of(' ') + 1);
    return line;
}

}  // namespace

std::string wrapped(std::string_view text, std::size_t indent) {
    std::string out;
    for (;;) {
        const auto at = place_of_break(text, width - std::min(indent, width));
        if (at == std::string_view::npos) return out.append(text);
        out.append(text.substr(0, at)).append("\n").append(indent, ' ');
        text.remove_prefix(at + 1);
    }
}

void Page::gap() {
    if (!out_.empty() && !out_.ends_with("\n\n")) out_ += "\n";
}

void Page::fact(std::string_view label, std::string_view text) {
    out_ += padded(label, label_width) + wrapped(text, label_width) + "\n";
}

void Page::table(const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::size_t> widths;
    for (const auto& row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], columns_of(row[i]));
    }
    for (const auto& row : rows) {
        std::string line(table_indent, ' ');
        for (std::size_t i = 0; i < row.size(); ++i) line += padded(row[i], widths[i] + 2);
        out_ += without_trailing_spaces(std::move(line)) + "\n";
    }
}

void Page::columns(const std::vector<std::string>& cells) {
    std::size_t widest = 1;
    for (const auto& cell : cells) widest = std::max(widest, columns_of(cell) + 2);
    const auto across = std::max<std::size_t>(1, (width - table_indent) / widest);
    const auto down = (cells.size() + across - 1) / across;
    for (std::size_t row = 0; row < down; ++row) {
        std::string line(table_indent, ' ');
        for (auto at = row; at < cells.size(); at += down) line += padded(cells[at], widest);
        out_ += without_trailing_spaces(std::move(line)) + "\n";
    }
}

}  // namespace salvor::report
