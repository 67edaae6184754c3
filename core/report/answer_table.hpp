#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

// An answer that is rows of one shape, for people as a page, for programs as JSON or CSV.

namespace salvor::report {

struct Cell {
    enum class Kind : std::uint8_t { text, list, number, truth, none };
    Kind kind = Kind::none;
    std::vector<std::string> texts;
    std::int64_t number = 0;
    bool truth = false;

    Cell() = default;
    Cell(std::string text) : kind(Kind::text), texts{std::move(text)} {}
    Cell(const char* text) : Cell(std::string(text)) {}
    Cell(std::vector<std::string> list) : kind(Kind::list), texts(std::move(list)) {}
    explicit Cell(std::int64_t value) : kind(Kind::number), number(value) {}
    explicit Cell(bool is_true) : kind(Kind::truth), truth(is_true) {}
    /// None where it is empty.
    static Cell or_none(std::string text) { return text.empty() ? Cell() : Cell(std::move(text)); }
};

struct AnswerTable {
    struct Column {
        const char* header;     ///< for people
        const char* name;       ///< for programs; nullptr: for people alone
        const char* none = "";  ///< what people read where a row has nothing
        bool shown = true;      ///< to people
    };
    std::string title;                               ///< for people
    std::vector<std::pair<const char*, Cell>> head;  ///< for JSON, before the rows
    const char* rows_name = "rows";                  ///< in JSON
    std::vector<Column> columns;
    std::vector<std::vector<Cell>> rows;
    std::vector<std::pair<const char*, std::string>> facts;  ///< for people, after the rows
    std::vector<std::string> notes;                          ///< "note" facts; in JSON `notes`
};

enum class TableFormat : std::uint8_t { text, json, csv };
/// What of a snapshot is in it is escaped here.
std::string answer_text(const AnswerTable& table, TableFormat format);

/// As RFC 4180; what a spreadsheet would take for a formula gets a ' in front.
std::string csv_field(std::string text);

}  // namespace salvor::report
