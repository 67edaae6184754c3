#include "core/report/answer_table.hpp"

#include <nlohmann/json.hpp>

#include "core/report/page.hpp"
#include "formats/text/escape.hpp"

namespace salvor::report {
namespace {

using Json = nlohmann::ordered_json;

std::string joined(const std::vector<std::string>& texts) {
    std::string all;
    for (const auto& text : texts) {
        if (!all.empty()) all += ",";
        all += text.empty() ? "\"\"" : text;
    }
    return all;
}

std::string plain(const Cell& cell, const char* none) {
    switch (cell.kind) {
        case Cell::Kind::truth: return cell.truth ? "yes" : "no";
        case Cell::Kind::number: return std::to_string(cell.number);
        case Cell::Kind::none: return none;
        case Cell::Kind::text: return text::escape(cell.texts[0]);
        case Cell::Kind::list: break;
    }
    return text::escape(joined(cell.texts));
}

std::string page_of(const AnswerTable& table) {
    Page page;
    page.title(text::escape_message(table.title));
    std::vector<std::vector<std::string>> rows(1);
    for (const auto& column : table.columns) {
        if (column.shown) rows[0].emplace_back(column.header);
    }
    for (const auto& row : table.rows) {
        auto& line = rows.emplace_back();
        for (std::size_t i = 0; i < row.size(); ++i) {
            if (table.columns[i].shown) line.push_back(plain(row[i], table.columns[i].none));
        }
    }
    if (!table.rows.empty()) {
        page.gap();
        page.table(rows);
    }
    if (!table.facts.empty() || !table.notes.empty()) page.gap();
    for (const auto& [label, text] : table.facts) page.fact(label, text::escape_message(text));
    for (const auto& note : table.notes) page.fact("note", text::escape_message(note));
    return page.take();
}

Json json_of(const Cell& cell) {
    switch (cell.kind) {
        case Cell::Kind::truth: return cell.truth;
        case Cell::Kind::number: return cell.number;
        case Cell::Kind::none: return nullptr;
        case Cell::Kind::text: return text::escape(cell.texts[0]);
        case Cell::Kind::list: break;
    }
    Json list = Json::array();
    for (const auto& text : cell.texts) list.push_back(text::escape(text));
    return list;
}

std::string document_of(const AnswerTable& table) {
    Json document = Json::object();
    for (const auto& [name, cell] : table.head) document[name] = json_of(cell);
    Json rows = Json::array();
    for (const auto& row : table.rows) {
        Json object = Json::object();
        for (std::size_t i = 0; i < row.size(); ++i) {
            if (table.columns[i].name) object[table.columns[i].name] = json_of(row[i]);
        }
        rows.push_back(std::move(object));
    }
    document[table.rows_name] = std::move(rows);
    document["notes"] = table.notes;
    return document.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string sheet_of(const AnswerTable& table) {
    std::string out;
    const auto line = [&](const std::vector<std::string>& fields) {
        for (std::size_t i = 0; i < fields.size(); ++i)
            out.append(i == 0 ? "" : ",").append(csv_field(fields[i]));
        out += "\r\n";
    };
    std::vector<std::string> fields;
    for (const auto& column : table.columns) {
        if (column.name) fields.emplace_back(column.name);
    }
    line(fields);
    for (const auto& row : table.rows) {
        fields.clear();
        for (std::size_t i = 0; i < row.size(); ++i) {
            if (table.columns[i].name) fields.push_back(plain(row[i], ""));
        }
        line(fields);
    }
    return out;
}

}  // namespace

std::string csv_field(std::string text) {
    if (!text.empty() && std::string_view("=+-@").find(text[0]) != std::string_view::npos)
        text.insert(0, "'");
    if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
    std::string quoted = "\"";
    for (const char c : text) quoted.append(c == '"' ? 2 : 1, c);
    return quoted + "\"";
}

std::string answer_text(const AnswerTable& table, TableFormat format) {
    switch (format) {
        case TableFormat::json: return document_of(table);
        case TableFormat::csv: return sheet_of(table);
        case TableFormat::text: break;
    }
    return page_of(table);
}

}  // namespace salvor::report
