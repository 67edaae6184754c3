#include "core/report/query.hpp"

#include <fmt/core.h>

#include "core/report/answer_table.hpp"
#include "core/report/json_items.hpp"
#include "core/report/tab_writer.hpp"
#include "formats/base/checksum.hpp"
#include "formats/text/escape.hpp"
#include "formats/text/go_json.hpp"

namespace salvor::report {
namespace {

using query::Cell;

std::string number_text(const Cell& cell) {
    if (cell.kind == Cell::Kind::integer) return std::to_string(cell.integer);
    std::string text;
    text::JsonWriter(text).real(cell.real);
    return text;
}

/// x'6b38', as SQL has bytes.
std::string bytes_text(Bytes bytes) {
    return fmt::format("x'{}'", hex(bytes));
}

class TablePrinter : public QueryPrinter {
 public:
    explicit TablePrinter(TextSink sink) : sink_(std::move(sink)) {}
    void begin(const std::vector<std::string>& columns) override {
        std::vector<std::string> names;
        for (const auto& column : columns) names.push_back(text::escape(column));
        writer_.line(names);
    }
    void row(std::span<const Cell> cells) override {
        constexpr std::size_t laid_out_at_once = 10'000;
        line_.clear();
        for (const auto& cell : cells) line_.push_back(words_of(cell));
        writer_.line(line_);
        if (++lines_ % laid_out_at_once == 0) writer_.flush(sink_);
    }
    void finish() override { writer_.flush(sink_); }

 private:
    static std::string words_of(const Cell& cell) {
        switch (cell.kind) {
            case Cell::Kind::null: return "<none>";
            case Cell::Kind::text: return text::escape(cell.view);
            case Cell::Kind::bytes: return bytes_text(cell.view);
            default: return number_text(cell);
        }
    }
    TextSink sink_;
    TabWriter writer_;
    std::vector<std::string> line_;
    std::size_t lines_ = 0;
};

class CsvPrinter : public QueryPrinter {
 public:
    explicit CsvPrinter(TextSink sink) : sink_(std::move(sink)) {}
    void begin(const std::vector<std::string>& columns) override {
        for (const auto& column : columns) add(csv_field(column));
        end_line();
    }
    void row(std::span<const Cell> cells) override {
        for (const auto& cell : cells) {
            switch (cell.kind) {
                case Cell::Kind::null: add(""); break;
                case Cell::Kind::text: add(csv_field(std::string(cell.view))); break;
                case Cell::Kind::bytes: add(bytes_text(cell.view)); break;
                default: add(number_text(cell));
            }
        }
        end_line();
    }
    void finish() override {
        sink_(text_);
        text_.clear();
    }

 private:
    void add(const std::string& field) {
        if (!std::exchange(is_first_, false)) text_ += ',';
        text_ += field;
    }
    void end_line() {
        constexpr std::size_t full = 1 << 18;
        text_ += "\r\n";
        is_first_ = true;
        if (text_.size() >= full) finish();
    }
    TextSink sink_;
    std::string text_;
    bool is_first_ = true;
};

class JsonPrinter : public QueryPrinter {
 public:
    JsonPrinter(JsonItems::As as, TextSink sink) : items_(as, std::move(sink)) {}
    void begin(const std::vector<std::string>& columns) override {
        columns_ = columns;
        if (!items_.is_document()) return;
        auto& json = items_.json();
        json.begin_object();
        json.key("columns");
        json.begin_array();
        for (const auto& column : columns_) json.string(column);
        json.end_array();
        json.key("rows");
        json.begin_array();
    }
    void row(std::span<const Cell> cells) override {
        items_.begin();
        for (std::size_t i = 0; i < cells.size(); ++i) {
            items_.json().key(columns_[i]);
            value(cells[i]);
        }
        items_.end();
    }
    void finish() override { items_.finish_list(); }

 private:
    void value(const Cell& cell) {
        auto& json = items_.json();
        switch (cell.kind) {
            case Cell::Kind::null: return json.null();
            case Cell::Kind::integer: return json.integer(cell.integer);
            case Cell::Kind::real: return json.real(cell.real);
            case Cell::Kind::text: return json.string(cell.view);
            case Cell::Kind::bytes: break;
        }
        std::string text;
        text::append_base64(text, cell.view);
        json.string(text);
    }
    JsonItems items_;
    std::vector<std::string> columns_;
};

}  // namespace

std::unique_ptr<QueryPrinter> query_printer(QueryFormat format, TextSink sink) {
    switch (format) {
        case QueryFormat::csv: return std::make_unique<CsvPrinter>(std::move(sink));
        case QueryFormat::json:
            return std::make_unique<JsonPrinter>(JsonItems::As::document, std::move(sink));
        case QueryFormat::jsonl:
            return std::make_unique<JsonPrinter>(JsonItems::As::lines, std::move(sink));
        case QueryFormat::table: break;
    }
    return std::make_unique<TablePrinter>(std::move(sink));
}

}  // namespace salvor::report
