#include <algorithm>
#include <vector>

#include "tools/salvor/manual/manual.hpp"

namespace salvor::tool {
namespace {

constexpr std::size_t width = 80;
constexpr std::string_view bold_on = "\x1b[1m", bold_off = "\x1b[0m";

/// What the house's manual pages use of Markdown: headings, paragraphs, lists, definitions, tables,
/// code.
class Renderer {
 public:
    explicit Renderer(bool bold) : bold_(bold) {}
    std::string render(std::string_view markdown);

 private:
    void take_line(std::string_view line);
    void end_paragraph();
    void end_table();
    void add_words(std::string_view text);
    std::string inline_text(std::string_view text) const;
    std::string emphasized(std::string_view text) const;

    bool bold_;
    bool in_fence_ = false;
    std::string out_;
    std::string paragraph_;    // one logical line, to be filled
    std::size_t indent_ = 4;   // of its first line
    std::size_t hanging_ = 4;  // of the others
    std::vector<std::vector<std::string>> table_;
};

std::size_t shown_width(std::string_view text) {
    std::size_t columns = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\x1b') {
            i = text.find('m', i);
        } else if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) {
            ++columns;
        }
    }
    return columns;
}

std::string Renderer::emphasized(std::string_view text) const {
    return bold_ ? std::string(bold_on).append(text).append(bold_off) : std::string(text);
}

/// Without the marks of code and strong emphasis; both are shown bold.
std::string Renderer::inline_text(std::string_view text) const {
    std::string out;
    while (!text.empty()) {
        const auto mark = text.starts_with("**") ? std::string_view("**") : std::string_view("`");
        const auto end =
            text.starts_with(mark) ? text.find(mark, mark.size()) : std::string_view::npos;
        if (end != std::string_view::npos) {
            out += emphasized(text.substr(mark.size(), end - mark.size()));
            text.remove_prefix(end + mark.size());
        } else {
            if (text.size() > 1 && text[0] == '\\') text.remove_prefix(1);
            out += text[0];
            text.remove_prefix(1);
        }
    }
    return out;
}

void Renderer::add_words(std::string_view text) {
    if (!paragraph_.empty()) paragraph_ += ' ';
    paragraph_ += text;
}

void Renderer::end_paragraph() {
    if (paragraph_.empty()) return;
    const auto text = inline_text(paragraph_);
    std::string line(indent_, ' ');
    std::size_t used = indent_;
    bool first = true;
    for (std::size_t at = 0; at < text.size();) {
        const auto space = std::min(text.find(' ', at), text.size());
        const auto word = std::string_view(text).substr(at, space - at);
        if (!first && used + 1 + shown_width(word) > width) {
            out_ += line + "\n";
            line.assign(hanging_, ' ');
            used = hanging_;
            first = true;
        }
        if (!first) line += ' ';
        line += word;
        used += shown_width(word) + (first ? 0 : 1);
        first = false;
        at = space + 1;
    }
    out_ += line + "\n";
    paragraph_.clear();
    indent_ = hanging_ = 4;
}

std::vector<std::string> cells_of(std::string_view row) {
    std::vector<std::string> cells(1);
    for (std::size_t i = 1; i < row.size(); ++i) {
        if (row[i] == '\\' && i + 1 < row.size() && row[i + 1] == '|') {
            cells.back() += row[++i];
        } else if (row[i] == '|') {
            cells.emplace_back();
        } else {
            cells.back() += row[i];
        }
    }
    cells.pop_back();
    for (auto& cell : cells) {
        cell.erase(0, cell.find_first_not_of(' '));
        cell.erase(cell.find_last_not_of(' ') + 1);
    }
    return cells;
}

void Renderer::end_table() {
    std::vector<std::size_t> widths;
    for (auto& row : table_) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i) {
            row[i] = inline_text(row[i]);
            widths[i] = std::max(widths[i], shown_width(row[i]));
        }
    }
    for (const auto& row : table_) {
        std::string line(4, ' ');
        for (std::size_t i = 0; i < row.size(); ++i) {
            line += row[i] + std::string(widths[i] - shown_width(row[i]) + 2, ' ');
        }
        out_ += line.erase(line.find_last_not_of(' ') + 1) + "\n";
    }
    table_.clear();
}

void Renderer::take_line(std::string_view line) {
    const bool fence = line.starts_with("```");
    if (fence || in_fence_ || (line.starts_with("    ") && paragraph_.empty())) {
        end_paragraph();
        if (!fence) out_.append(in_fence_ ? "        " : "    ").append(line).append("\n");
        in_fence_ = in_fence_ != fence;
    } else if (line.starts_with("|")) {
        end_paragraph();
        if (line.find_first_not_of("|-: ") != std::string_view::npos)
            table_.push_back(cells_of(line));
    } else if (line.empty()) {
        end_paragraph();
        if (!out_.ends_with("\n\n")) out_ += "\n";
    } else if (line.starts_with("#")) {
        out_ += emphasized(line.substr(line.find_first_not_of("# "))) + "\n";
    } else if (line.starts_with("- ") || line.starts_with(": ")) {
        end_paragraph();
        const bool item = line[0] == '-';
        indent_ = item ? 4 : 8;
        hanging_ = item ? 6 : 8;
        add_words(item ? line : line.substr(2));
    } else {
        add_words(line.substr(std::min(line.find_first_not_of(' '), line.size())));
    }
    if (!line.starts_with("|")) end_table();
}

std::string Renderer::render(std::string_view markdown) {
    while (!markdown.empty()) {
        const auto end = std::min(markdown.find('\n'), markdown.size());
        take_line(markdown.substr(0, end));
        markdown.remove_prefix(std::min(end + 1, markdown.size()));
    }
    end_paragraph();
    end_table();
    return std::move(out_);
}

}  // namespace

std::string rendered(std::string_view markdown, bool bold) {
    return Renderer(bold).render(markdown);
}

}  // namespace salvor::tool
