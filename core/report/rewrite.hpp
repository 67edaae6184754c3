#pragma once

#include <string>
#include <vector>

#include "core/rewrite/rewrite.hpp"

namespace salvor::report {

struct Rewriting {
    std::string source;
    std::string to;
    rewrite::Rewritten rewritten;
    std::vector<std::string> changes;  ///< in words; of migrate alone
};

/// `compact`, `defrag`, `migrate`: a page for people.
std::string rewrite_text(const Rewriting& rewriting);
/// `-o json`: one document with a line feed, names as compact.md lists them.
std::string rewrite_json(const Rewriting& rewriting);

}  // namespace salvor::report
