#pragma once

#include <string>

#include "core/usage/usage.hpp"

namespace salvor::report {

/// `top`: a page for people.
std::string usage_text(const std::string& source, const usage::Usage& usage);
/// `top -o json`: one document with a line feed, names as top.md lists them.
std::string usage_json(const std::string& source, const usage::Usage& usage);

}  // namespace salvor::report
