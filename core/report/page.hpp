#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace salvor::report {

/// `text` behind a left column that is `indent` wide, broken at spaces so that lines stay within
/// 100 columns where words, and commands between backquotes, allow it.
std::string wrapped(std::string_view text, std::size_t indent);

/// A page of facts for people: labels in one column, what is said of them in the next, broken at
/// spaces so that lines stay within 100 columns where words allow it. What is given must be escaped
/// already.
class Page {
 public:
    void title(std::string_view text) { out_.append(text).append("\n"); }
    /// A blank line, unless there is one.
    void gap();
    void fact(std::string_view label, std::string_view text);
    /// Rows under the label column, each column as wide as its widest cell.
    void table(const std::vector<std::vector<std::string>>& rows);
    /// Cells as many beside each other as fit, filled downwards.
    void columns(const std::vector<std::string>& cells);
    std::string take() { return std::move(out_); }

 private:
    std::string out_;
};

}  // namespace salvor::report
