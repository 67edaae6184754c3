#pragma once

#include <string>
#include <vector>

#include "core/rewrite/rewrite.hpp"

namespace salvor::report {

struct Rewriting {
    std::string source;
    std::string to;
    rewrite::Rewritten rewritten;
    std::vector<std::string> changes;  ///< in words that suit a terminal; of migrate and open
};

/// `compact`, `defrag`, `migrate`, `open`: a page for people.
std::string rewrite_text(const Rewriting& rewriting);
/// `-o json`: one document with a line feed, names as compact.md lists them.
std::string rewrite_json(const Rewriting& rewriting);

}  // namespace salvor::report
