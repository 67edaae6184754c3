#include "formats/text/yaml_writer.hpp"

#include <fmt/format.h>

#include "formats/text/number.hpp"
#include "formats/text/utf8.hpp"
#include "formats/text/yaml_plain.hpp"

// Source of the rules: go.yaml.in/yaml/v2 emitterc.go, encode.go

namespace salvor::text {
namespace {

constexpr int best_width = 80;
constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD
constexpr std::size_t longest_simple_key = 128;           ///< bytes

bool is_break(std::uint32_t c) {
    return c == '\r' || c == '\n' || c == 0x85 || c == 0x2028 || c == 0x2029;
}
bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

bool is_printable(std::uint32_t c) {
    return c == '\n' || (c >= 0x20 && c <= 0x7E) || (c >= 0xA0 && c <= 0xD7FF) ||
           (c >= 0xE000 && c <= 0xFFFD && c != 0xFEFF);
}

/// One character at a time; an illegal byte counts as U+FFFD.
struct Character {
    std::uint32_t value;
    std::string_view bytes;
};
Character character_at(std::string_view text, std::size_t at) {
    if (static_cast<unsigned char>(text[at]) < 0x80)
        return {static_cast<unsigned char>(text[at]), text.substr(at, 1)};
    const auto point = first_code_point(text.substr(at));
    if (point.size == 0) return {0xFFFD, text.substr(at, 1)};
    return {point.value, text.substr(at, point.size)};
}

/// What a text allows; yaml_emitter_analyze_scalar's questions.
struct Analysis {
    bool plain = true;
    bool single_quoted = true;
    bool literal = true;
    bool multiline = false;
    bool legal = true;  ///< it is UTF-8
};

bool has_indicator(std::string_view text) {
    if (text.starts_with("---") || text.starts_with("...")) return true;
    const auto blank_after = [&](std::size_t i) {
        return i + 1 == text.size() || is_blank(text[i + 1]);
    };
    if (std::string_view("#,[]{}&*!|>'\"%@`").find(text[0]) != std::string_view::npos) return true;
    if ((text[0] == '?' || text[0] == ':' || text[0] == '-') && blank_after(0)) return true;
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] == ':' && blank_after(i)) return true;
        if (text[i] == '#' && is_blank(text[i - 1])) return true;
    }
    return false;
}

Analysis analyze(std::string_view text) {
    Analysis found;
    if (text.empty()) {
        found.literal = false;
        return found;
    }
    bool special = false, space_break = false, break_space = false, edge_break = false;
    bool previous_space = false, previous_break = false;
    for (std::size_t i = 0; i < text.size();) {
        const auto c = character_at(text, i);
        special = special || !is_printable(c.value);
        found.legal = found.legal && (c.value != 0xFFFD || c.bytes == replacement);
        const bool is_space = c.value == ' ', breaks = is_break(c.value);
        break_space = break_space || (is_space && previous_break);
        space_break = space_break || (breaks && previous_space);
        edge_break = edge_break || (breaks && (i == 0 || i + c.bytes.size() == text.size()));
        found.multiline = found.multiline || breaks;
        previous_space = is_space;
        previous_break = breaks;
        i += c.bytes.size();
    }
    const bool trailing_space = text.back() == ' ';
    found.plain = text.front() != ' ' && !trailing_space && !edge_break && !break_space &&
                  !space_break && !special && !found.multiline && !has_indicator(text);
    found.single_quoted = !break_space && !space_break && !special;
    found.literal = !trailing_space && !space_break && !special;
    return found;
}

/// As a double-quoted scalar writes a character that cannot stand for itself.
std::string escaped(std::uint32_t c) {
    switch (c) {
        case 0x00: return "\\0";
        case 0x07: return "\\a";
        case 0x08: return "\\b";
        case 0x09: return "\\t";
        case 0x0A: return "\\n";
        case 0x0B: return "\\v";
        case 0x0C: return "\\f";
        case 0x0D: return "\\r";
        case 0x1B: return "\\e";
        case '"': return "\\\"";
        case '\\': return "\\\\";
        case 0x85: return "\\N";
        case 0xA0: return "\\_";
        case 0x2028: return "\\L";
        case 0x2029: return "\\P";
        default: break;
    }
    return c <= 0xFF     ? fmt::format("\\x{:02X}", c)
           : c <= 0xFFFF ? fmt::format("\\u{:04X}", c)
                         : fmt::format("\\U{:08X}", c);
}

int characters(std::string_view text) {
    int count = 0;
    for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    return count;
}

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

std::string_view legal(const Character& c) {
    return c.value == 0xFFFD ? replacement : c.bytes;
}

/// Each byte that is no UTF-8 as U+FFFD, which is what JSON has in its place.
std::string repaired(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        const auto c = character_at(text, i);
        out += legal(c);
        i += c.bytes.size();
    }
    return out;
}

}  // namespace

void YamlWriter::new_line(int indent) {
    if (out_->size() != line_) *out_ += '\n';
    line_ = out_->size();
    out_->append(static_cast<std::size_t>(indent), ' ');
}

void YamlWriter::finish() {
    if (out_->empty() || out_->back() != '\n') *out_ += '\n';
    line_ = out_->size();
}

/// The place of a value: behind its key or dash, or at the start.
void YamlWriter::begin_value() {
    if (!levels_.empty() && levels_.back().kind == Kind::array && after_ != After::dash)
        begin_entry();
    if (after_ != After::nothing) *out_ += ' ';
    after_ = After::nothing;
}

/// The place of a key or a dash: a new line, or for the first one of a collection behind its dash.
void YamlWriter::begin_entry() {
    auto& level = levels_.back();
    if (!level.empty) {
        new_line(level.indent);
    } else if (level.after == After::key) {
        new_line(level.indent);
    } else if (level.after == After::dash) {
        *out_ += ' ';
    }
    level.empty = false;
    after_ = After::nothing;
    if (level.kind == Kind::array) {
        *out_ += '-';
        after_ = After::dash;
    }
}

void YamlWriter::open(Kind kind) {
    if (!levels_.empty() && levels_.back().kind == Kind::array) begin_entry();
    int column = 0;
    if (!levels_.empty()) {
        const bool beside_key =
            kind == Kind::array && levels_.back().kind == Kind::object && after_ == After::key;
        column = levels_.back().indent + (beside_key ? 0 : 2);
    }
    levels_.push_back({kind, column, true, after_});
    after_ = After::nothing;
}

void YamlWriter::close(std::string_view when_empty) {
    const auto level = levels_.back();
    levels_.pop_back();
    if (!level.empty) return;
    if (level.after != After::nothing) *out_ += ' ';
    *out_ += when_empty;
    after_ = After::nothing;
}

void YamlWriter::key(std::string_view name) {
    begin_entry();
    const bool simple = name.size() <= longest_simple_key && !analyze(name).multiline;
    if (simple) {
        scalar(name, true);
        *out_ += ':';
        after_ = After::key;
        return;
    }
    *out_ += "? ";
    scalar(name, false);
    new_line(levels_.back().indent);
    *out_ += ':';
    after_ = After::dash;  // a collection starts on this line, as behind a dash
}

void YamlWriter::bare(std::string_view text) {
    begin_value();
    *out_ += text;
}

void YamlWriter::real(double number) {
    begin_value();
    append_yaml_number(*out_, number);
}

void YamlWriter::string(std::string_view text) {
    begin_value();
    scalar(text, false);
}

void YamlWriter::scalar(std::string_view text, bool simple_key) {
    const auto allowed = analyze(text);
    if (!allowed.legal) return scalar(repaired(text), simple_key);
    const bool is_merge = merges_are_quoted_ && text == "<<";
    auto style = text.find('\n') != std::string_view::npos ? Style::literal
                 : reads_as_other(text) || is_merge        ? Style::double_quoted
                                                           : Style::plain;
    if (simple_key && allowed.multiline) style = Style::double_quoted;
    if (style == Style::plain && !allowed.plain) style = Style::single_quoted;
    if (style == Style::single_quoted && !allowed.single_quoted) style = Style::double_quoted;
    if (style == Style::literal && (!allowed.literal || simple_key)) style = Style::double_quoted;
    switch (style) {
        case Style::plain: return write_plain(text, !simple_key);
        case Style::single_quoted: return write_single_quoted(text, !simple_key);
        case Style::double_quoted: return write_double_quoted(text, !simple_key);
        case Style::literal: return write_literal(text);
    }
}

void YamlWriter::fold_line() {
    new_line(indent() + 2);
    column_ = indent() + 2;
}

void YamlWriter::write_plain(std::string_view text, bool fold) {
    column_ = characters(std::string_view(*out_).substr(line_));
    // Short texts, the most, need no look at every character.
    if (!fold || column_ + static_cast<int>(text.size()) <= best_width) {
        *out_ += text;
        return;
    }
    bool spaces = false;
    for (std::size_t i = 0; i < text.size();) {
        const auto c = character_at(text, i);
        const bool space = c.value == ' ';
        if (space && !spaces && column_ > best_width &&
            !(i + 1 < text.size() && text[i + 1] == ' ')) {
            fold_line();
        } else {
            *out_ += legal(c);
            ++column_;
        }
        spaces = space;
        i += c.bytes.size();
    }
}

void YamlWriter::write_single_quoted(std::string_view text, bool fold) {
    *out_ += '\'';
    column_ = characters(std::string_view(*out_).substr(line_));
    bool spaces = false, breaks = false;
    for (std::size_t i = 0; i < text.size();) {
        const auto c = character_at(text, i);
        const bool space = c.value == ' ';
        const bool inside = i > 0 && i + 1 < text.size();
        if (space && fold && !spaces && column_ > best_width && inside && text[i + 1] != ' ') {
            fold_line();
        } else if (is_break(c.value)) {
            *out_ += c.bytes;
            column_ = 0;
        } else {
            if (breaks) {
                out_->append(static_cast<std::size_t>(indent() + 2), ' ');
                column_ = indent() + 2;
            }
            if (c.value == '\'') *out_ += '\'', ++column_;
            *out_ += legal(c);
            ++column_;
        }
        breaks = is_break(c.value);
        spaces = space;
        i += c.bytes.size();
    }
    *out_ += '\'';
}

void YamlWriter::write_double_quoted(std::string_view text, bool fold) {
    *out_ += '"';
    column_ = characters(std::string_view(*out_).substr(line_));
    // yaml.v2 asks for a byte order mark at the text's start in place of at the character, so
    // behind one everything is escaped.
    const bool all = text.starts_with(byte_order_mark);
    bool spaces = false;
    for (std::size_t i = 0; i < text.size();) {
        const auto c = character_at(text, i);
        const bool space = c.value == ' ' && !all;
        if (all || !is_printable(c.value) || is_break(c.value) || c.value == '"' ||
            c.value == '\\') {
            const auto text_of = escaped(c.value);
            *out_ += text_of;
            column_ += static_cast<int>(text_of.size());
        } else if (space && fold && !spaces && column_ > best_width && i > 0 &&
                   i + 1 < text.size()) {
            fold_line();
            if (text[i + 1] == ' ') *out_ += '\\', ++column_;
        } else {
            *out_ += legal(c);
            ++column_;
        }
        spaces = space;
        i += c.bytes.size();
    }
    *out_ += '"';
}

void YamlWriter::write_literal(std::string_view text) {
    *out_ += '|';
    if (text[0] == ' ' || is_break(character_at(text, 0).value)) *out_ += '2';
    if (text.back() != '\n') {
        *out_ += '-';
    } else if (text.size() == 1 || text[text.size() - 2] == '\n') {
        *out_ += '+';
    }
    *out_ += '\n';
    line_ = out_->size();
    bool at_start = true;
    for (std::size_t i = 0; i < text.size();) {
        const auto c = character_at(text, i);
        if (is_break(c.value)) {
            *out_ += c.bytes;
            if (c.value == '\n') line_ = out_->size();
            at_start = true;
        } else {
            if (at_start) out_->append(static_cast<std::size_t>(indent() + 2), ' ');
            *out_ += legal(c);
            at_start = false;
        }
        i += c.bytes.size();
    }
}

}  // namespace salvor::text
