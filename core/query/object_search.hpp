#pragma once

#include <functional>
#include <string>

#include "core/cluster/cluster.hpp"
#include "core/cluster/redact.hpp"
#include "core/query/pattern.hpp"

namespace salvor::query {

/// A line of a field that matches.
struct FieldHit {
    std::string path;
    std::size_t line = 0;  ///< of a text of several lines, from 1; 0: of one
    std::string text;      ///< of the line, or what in it is base64 and matches
    bool is_name = false;  ///< the path's last name matches, the field's text is not told
    bool in_base64 = false;
    bool is_secret = false;  ///< the text must not be shown
};

/// Searches objects, one after the other: every text in them, numbers, times and truths as JSON has
/// them; bytes as they are.
class ObjectSearch {
 public:
    explicit ObjectSearch(const Pattern& pattern) : pattern_(&pattern) {}

    /// Errors: malformed, too_large.
    Result<void> search(const cluster::Object& object,
                        const std::function<void(FieldHit)>& each) const;

 private:
    const Pattern* pattern_;
    cluster::Redactor redactor_;
};

/// Calls `each(line, number)` for the lines of a text that match; the number is 0 where there is
/// but one line.
void search_lines(Bytes text, const Pattern& pattern,
                  const std::function<void(Bytes, std::size_t)>& each);

}  // namespace salvor::query
