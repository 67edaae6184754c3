#pragma once

#include <string>

#include "core/audit/at_rest.hpp"

namespace salvor::report {

/// `audit`: a page for people.
std::string audit_text(const std::string& source, const audit::AtRest& at_rest);
/// `audit -o json`: one document with a line feed, names as audit.md lists them.
std::string audit_json(const std::string& source, const audit::AtRest& at_rest);

}  // namespace salvor::report
