#include "tools/salvor/standin/printer.hpp"

#include <array>
#include <cmath>
#include <vector>

#include "formats/text/go_json.hpp"

namespace salvor::tool::standin {
namespace {

struct Column {
    std::string title;
    std::string cell;
};
using Row = std::vector<Column>;

struct Border {
    const char *left, *middle, *right;
};
struct Frame {
    Border top, under_titles, bottom;
    const char *line, *wall;
};
constexpr Frame ascii{{"+", "+", "+"}, {"+", "+", "+"}, {"+", "+", "+"}, "-", "|"};
constexpr Frame box{{"┌", "┬", "┐"}, {"├", "┼", "┤"}, {"└", "┴", "┘"}, "─", "│"};

std::string repeat(const char* text, std::size_t times) {
    std::string out;
    while (times-- > 0) out += text;
    return out;
}

// Titles are centred, the odd space behind; cells stand right.
std::string table(const Row& row, etcd::Line line) {
    const Frame& frame = line >= etcd::Line::v3_7 ? box : ascii;
    const auto rule = [&](const Border& border) {
        std::string text;
        for (const auto& column : row) {
            text += (text.empty() ? border.left : border.middle) +
                    repeat(frame.line, std::max(column.title.size(), column.cell.size()) + 2);
        }
        return text + border.right + "\n";
    };
    std::string titles, cells;
    for (const auto& column : row) {
        const auto width = std::max(column.title.size(), column.cell.size());
        titles += fmt::format("{} {:^{}} ", frame.wall, column.title, width);
        cells += fmt::format("{} {:>{}} ", frame.wall, column.cell, width);
    }
    return rule(frame.top) + titles + frame.wall + "\n" + rule(frame.under_titles) + cells +
           frame.wall + "\n" + rule(frame.bottom);
}

std::string simple(const Row& row) {
    std::string text;
    for (const auto& column : row) text += (&column == row.data() ? "" : ", ") + column.cell;
    return text + "\n";
}

}  // namespace

std::optional<Shape> parse_shape(Bytes word) {
    if (word == "simple") return Shape::simple;
    if (word == "fields") return Shape::fields;
    if (word == "json") return Shape::json;
    if (word == "protobuf") return Shape::protobuf;
    if (word == "table") return Shape::table;
    return {};
}

std::string human_size(std::uint64_t bytes) {
    static constexpr std::array units{"B", "kB", "MB", "GB", "TB", "PB", "EB"};
    if (bytes < 10) return fmt::format("{} B", bytes);
    const double size = static_cast<double>(bytes);
    const double exponent = std::floor(std::log(size) / std::log(1000.0));
    const double value = std::floor(size / std::pow(1000.0, exponent) * 10 + 0.5) / 10;
    const char* unit = units[static_cast<std::size_t>(exponent)];
    return value < 10 ? fmt::format("{:.1f} {}", value, unit)
                      : fmt::format("{:.0f} {}", value, unit);
}

std::optional<std::string> shaped(const upstream::Status& status, Shape shape, etcd::Line line) {
    const bool versioned = line >= etcd::Line::v3_6;
    switch (shape) {
        case Shape::protobuf: return {};
        case Shape::fields:
            return fmt::format("\"Hash\" : {}\n\"Revision\" : {}\n\"Keys\" : {}\n\"Size\" : {}\n{}",
                               status.hash, status.revision, status.total_key, status.total_size,
                               versioned ? fmt::format("\"Version\" : {}\n", status.version) : "");
        case Shape::json:
            return fmt::format(R"({{"hash":{},"revision":{},"totalKey":{},"totalSize":{}{}}})"
                               "\n",
                               status.hash, status.revision, status.total_key, status.total_size,
                               versioned ? fmt::format(R"(,"version":"{}")", status.version) : "");
        default: break;
    }
    Row row{{"HASH", fmt::format("{:x}", status.hash)},
            {"REVISION", fmt::format("{}", status.revision)},
            {"TOTAL KEYS", fmt::format("{}", status.total_key)},
            {"TOTAL SIZE", human_size(static_cast<std::uint64_t>(status.total_size))}};
    if (versioned) row.push_back({"VERSION", status.version});
    return shape == Shape::table ? table(row, line) : simple(row);
}

std::optional<std::string> shaped(const timeline::HashKv& hash, Shape shape, etcd::Line line) {
    switch (shape) {
        case Shape::protobuf: return {};
        case Shape::fields:
            return fmt::format("\"Hash\" : {}\n\"Hash revision\" : {}\n\"Compact revision\" : {}\n",
                               hash.hash, hash.hash_revision, hash.compact_revision);
        case Shape::json:
            return fmt::format(R"({{"hash":{},"hashRevision":{},"compactRevision":{}}})"
                               "\n",
                               hash.hash, hash.hash_revision, hash.compact_revision);
        default: break;
    }
    const Row row{{"HASH", fmt::format("{}", hash.hash)},
                  {"HASH REVISION", fmt::format("{}", hash.hash_revision)},
                  {"COMPACT REVISION", fmt::format("{}", hash.compact_revision)}};
    return shape == Shape::table ? table(row, line) : simple(row);
}

}  // namespace salvor::tool::standin
