#pragma once

#include <string>
#include <string_view>
#include <vector>

// Which of the words that there are was probably meant by one that is none of them.

namespace salvor::text {

/// The candidate that was probably meant, of equally near ones the first; empty where none is near.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

/// " (did you mean WORD?)", or nothing.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace salvor::text
