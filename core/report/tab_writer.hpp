#pragma once

#include <functional>
#include <string>
#include <vector>

#include "formats/base/bytes.hpp"

namespace salvor::report {

/// Lines of cells, laid out as kubectl does it: each column as wide as the widest of its cells that
/// stand under each other, at least 6 and with 3 blanks behind; the last cell of a line has no
/// width. Source: text/tabwriter of Go, cli-runtime pkg/printers/tabwriter.go
class TabWriter {
 public:
    /// A cell ends at its first line break, as kubectl ends it with `...`; a tab within it makes
    /// two of it.
    void line(const std::vector<std::string>& cells);
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
    void end_cell(std::size_t column, std::size_t width);
    void end_line(std::size_t columns);

    std::string text_;  ///< cells with tabs behind, lines with line feeds
    std::size_t lines_ = 0;
    std::vector<ColumnRuns> columns_;
};

}  // namespace salvor::report
