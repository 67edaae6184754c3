#include "tools/salvor/box_table.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "formats/text/utf8.hpp"

namespace salvor::tool {
namespace {

std::size_t width(const std::string& text) {
    std::size_t points = 0;
    for (Bytes rest = text; !rest.empty(); ++points) {
        rest.remove_prefix(std::max<std::size_t>(text::first_code_point(rest).size, 1));
    }
    return points;
}

std::string rule(const std::vector<std::size_t>& widths, const char* left, const char* middle,
                 const char* right) {
    std::string line = left;
    for (std::size_t i = 0; i < widths.size(); ++i) {
        if (i > 0) line += middle;
        for (std::size_t n = 0; n < widths[i] + 2; ++n) line += "─";
    }
    return line + right + "\n";
}

}  // namespace

std::string box_table(const std::vector<std::string>& titles,
                      const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::size_t> widths(titles.size());
    for (std::size_t i = 0; i < titles.size(); ++i) {
        widths[i] = width(titles[i]);
        for (const auto& row : rows) widths[i] = std::max(widths[i], width(row[i]));
    }
    std::string table = rule(widths, "┌", "┬", "┐");
    for (std::size_t i = 0; i < titles.size(); ++i) {
        const auto space = widths[i] - width(titles[i]);
        table += fmt::format("│ {:>{}}{}{:>{}} ", "", space / 2, titles[i], "", space - space / 2);
    }
    table += "│\n" + rule(widths, "├", "┼", "┤");
    for (const auto& row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            table += fmt::format("│ {:>{}}{} ", "", widths[i] - width(row[i]), row[i]);
        }
        table += "│\n";
    }
    return table + rule(widths, "└", "┴", "┘");
}

}  // namespace salvor::tool
