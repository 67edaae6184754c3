#pragma once

#include <memory>
#include <string>

#include "core/query/search.hpp"
#include "core/report/objects.hpp"

namespace salvor::report {

struct SearchStyle {
    enum class Format : std::uint8_t { text, json, jsonl } format = Format::text;
    bool objects_only = false;   ///< -l, -v
    bool names_sources = false;  ///< several were searched
    bool all_revisions = false;  ///< each is told with its own
    bool show_secrets = false;
};

/// `search`: what was found, as it is found.
class SearchPrinter {
 public:
    virtual ~SearchPrinter() = default;
    virtual void add(const std::string& source, const query::Found& found) = 0;
    /// How many lines, or objects, a source has: -c.
    virtual void count(const std::string& source, std::uint64_t matches) = 0;
    virtual void finish() = 0;
};
std::unique_ptr<SearchPrinter> search_printer(const SearchStyle& style, TextSink sink);

/// How many lines of a text the printer makes of it.
std::uint64_t lines_of(const query::Found& found, const SearchStyle& style);

}  // namespace salvor::report
