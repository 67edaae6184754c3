#pragma once

#include <string>
#include <string_view>

namespace salvor::text {

/// The hunks of a unified diff of two texts, with three lines of context, as diff -u writes them;
/// empty where they are the same. The fewest lines that a change can be told in, up to a bound on
/// the work: beyond it all between the first and the last difference is told as replaced.
std::string unified_hunks(std::string_view before, std::string_view after);

}  // namespace salvor::text
