#pragma once

#include <functional>
#include <string>
#include <vector>

#include "formats/base/bytes.hpp"

namespace salvor::report {

/// How wide columns are. Source: cli-runtime pkg/printers/tabwriter.go; kubectl
/// pkg/describe/describe.go tabbedString
struct TabLayout {
    std::size_t least_width = 6;
    std::size_t blanks = 3;        ///< behind the widest cell
    bool remembers_widths = true;  ///< a column is never narrower than it was further up
};
constexpr TabLayout table_layout{};
constexpr TabLayout description_layout{0, 2, false};

/// Lines of cells, laid out as kubectl does it: each column as wide as the widest of its cells that
/// stand under each other; the last cell of a line has no width. Source: text/tabwriter of Go
class TabWriter {
 public:
    explicit TabWriter(const TabLayout& layout = table_layout) : layout_(layout) {}
    /// A cell ends at its first line break, as kubectl ends it with `...`; a tab within it makes
    /// two of it.
    void line(const std::vector<std::string>& cells);
    /// Whole lines, their cells with tabs between.
    void text(Bytes lines);
    bool empty() const { return text_.empty(); }
    /// Gives all lines to `sink`, some at a time, and forgets them and their widths.
    void flush(const std::function<void(Bytes)>& sink);

 private:
    /// Lines under each other that all have the column, and how wide it is there.
    struct Run {
        std::size_t end_line;
        std::size_t width;
    };
    struct ColumnRuns {
        std::vector<Run> runs;
        std::size_t widest = 0;  ///< of all runs so far: one is never narrower than those above
        bool open = false;       ///< whether the next line may belong to the last run
    };
    /// The line that was appended from `begin` on.
    void measure(std::size_t begin);
    void end_cell(std::size_t column, std::size_t width);
    void end_line(std::size_t columns);

    TabLayout layout_;
    std::string text_;  ///< cells with tabs behind, lines with line feeds
    std::size_t lines_ = 0;
    std::vector<ColumnRuns> columns_;
};

}  // namespace salvor::report
