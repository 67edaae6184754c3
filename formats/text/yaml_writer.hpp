#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace salvor::text {

/// Writes one YAML document as kubectl does (sigs.k8s.io/yaml over yaml.v2: block style, two
/// spaces, folded behind column 80), told piece by piece; members in the order in which they are
/// told, which should be key_less's. formats/kube/FORMAT.md, "YAML", has the rules. What kubectl
/// fails to print is escaped.
class YamlWriter {
 public:
    explicit YamlWriter(std::string& out) : out_(&out), line_(out.size()) {}

    void null() { bare("null"); }
    void boolean(bool truth) { bare(truth ? "true" : "false"); }
    void integer(std::int64_t number) { bare(std::to_string(number)); }
    void unsigned_integer(std::uint64_t number) { bare(std::to_string(number)); }
    void real(double number);
    void string(std::string_view text);
    void begin_object() { open(Kind::object); }
    void end_object() { close("{}"); }
    void begin_array() { open(Kind::array); }
    void end_array() { close("[]"); }
    void key(std::string_view name);
    /// Quotes a text `<<` from now on, which kubectl prints bare and then reads as a merge of maps.
    void quote_merges() { merges_are_quoted_ = true; }
    /// Ends the last line; nothing may follow.
    void finish();
    /// Hands over the lines that are finished and drops them from the string.
    template <class Take>
    void drain(Take&& take) {
        take(std::string_view(*out_).substr(0, line_));
        out_->erase(0, line_);
        line_ = 0;
    }

 private:
    enum class Kind { object, array };
    enum class After { nothing, key, dash };  ///< what a value is to follow on the line
    struct Level {
        Kind kind;
        int indent;  ///< column of its keys or dashes
        bool empty;
        After after;  ///< what it follows itself
    };
    enum class Style { plain, single_quoted, double_quoted, literal };

    void bare(std::string_view text);
    void open(Kind kind);
    void close(std::string_view when_empty);
    void begin_value();
    void begin_entry();
    void new_line(int indent);
    void scalar(std::string_view text, bool simple_key);
    void write_plain(std::string_view text, bool fold);
    void write_single_quoted(std::string_view text, bool fold);
    void write_double_quoted(std::string_view text, bool fold);
    void write_literal(std::string_view text);
    void fold_line();

    int indent() const { return levels_.empty() ? 0 : levels_.back().indent; }

    std::string* out_;
    std::size_t line_;  ///< where the present line starts in out_
    std::vector<Level> levels_;
    After after_ = After::nothing;
    int column_ = 0;
    bool merges_are_quoted_ = false;
};

}  // namespace salvor::text
