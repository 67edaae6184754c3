#include "core/report/tab_writer.hpp"

#include <algorithm>

#include "formats/text/utf8.hpp"

namespace salvor::report {
namespace {

constexpr std::size_t full = 1 << 18;  ///< of text on its way
constexpr Bytes replacement = "\xEF\xBF\xBD";

/// Code points, since that is what Go counts.
std::size_t width_of(Bytes text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    }));
}

/// As cli-runtime's WriteEscaped; what is no UTF-8 becomes U+FFFD, which JSON would have made of it
/// on its way to kubectl.
void append_escaped(std::string& out, Bytes text) {
    for (auto rest = text; !rest.empty();) {
        const auto code = text::first_code_point(rest);
        const auto size = std::max<std::size_t>(code.size, 1);
        if (code.size == 0) {
            out += replacement;
        } else if (rest.front() == '\x1B') {
            out += "^[";
        } else if (rest.front() == '\r') {
            out += "\\r";
        } else {
            out += rest.substr(0, size);
        }
        rest.remove_prefix(size);
    }
}

/// As cli-runtime's printTable puts a cell.
void append_cell(std::string& out, Bytes cell) {
    const auto line_break = cell.find_first_of("\f\n\r");
    append_escaped(out, cell.substr(0, line_break));
    if (line_break != Bytes::npos) out += "...";
}

}  // namespace

void TabWriter::line(const std::vector<std::string>& cells) {
    const auto begin = text_.size();
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (i > 0) text_ += '\t';
        append_cell(text_, cells[i]);
    }
    measure(begin);
}

void TabWriter::text(Bytes lines) {
    while (!lines.empty()) {
        const auto end = std::min(lines.find_first_of("\f\n"), lines.size());
        const auto begin = text_.size();
        append_escaped(text_, lines.substr(0, end));
        measure(begin);
        lines.remove_prefix(std::min(end + 1, lines.size()));
    }
}

void TabWriter::measure(std::size_t begin) {
    std::replace(text_.begin() + static_cast<std::ptrdiff_t>(begin), text_.end(), '\v', '\t');
    std::size_t column = 0;
    for (auto rest = Bytes(text_).substr(begin);; ++column) {
        const auto tab = rest.find('\t');
        if (tab == Bytes::npos) break;
        end_cell(column, width_of(rest.substr(0, tab)));
        rest.remove_prefix(tab + 1);
    }
    end_line(column);
    text_ += '\n';
}

void TabWriter::end_cell(std::size_t column, std::size_t width) {
    if (column == columns_.size()) columns_.emplace_back();
    auto& runs = columns_[column];
    if (!runs.open) {
        runs.runs.push_back({});
        if (!layout_.remembers_widths) runs.widest = 0;
    }
    runs.widest = std::max({runs.widest, width + layout_.blanks, layout_.least_width});
    runs.open = true;
    runs.runs.back() = {lines_ + 1, runs.widest};
}

void TabWriter::end_line(std::size_t columns) {
    for (std::size_t i = columns; i < columns_.size() && columns_[i].open; ++i)
        columns_[i].open = false;
    ++lines_;
}

void TabWriter::flush(const std::function<void(Bytes)>& sink) {
    std::string out;
    std::vector<std::size_t> at(columns_.size());  // of each column the run that comes next
    Bytes rest = text_;
    for (std::size_t line = 0; line < lines_; ++line) {
        for (std::size_t column = 0;; ++column) {
            const auto end = rest.find_first_of("\t\n");
            const auto cell = rest.substr(0, end);
            out += cell;
            const bool is_last = rest[end] == '\n';
            rest.remove_prefix(end + 1);
            if (is_last) break;
            auto& run = at[column];
            while (columns_[column].runs[run].end_line <= line) ++run;
            out.append(columns_[column].runs[run].width - width_of(cell), ' ');
        }
        out += '\n';
        if (out.size() < full) continue;
        sink(out);
        out.clear();
    }
    if (!out.empty()) sink(out);
    text_.clear();
    columns_.clear();
    lines_ = 0;
}

}  // namespace salvor::report
