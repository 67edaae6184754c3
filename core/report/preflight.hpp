#pragma once

#include <string>

#include "core/preflight/preflight.hpp"

namespace salvor::report {

/// `clock`: where the time comes from at which it was judged: "as --now has it".
std::string preflight_text(const std::string& source, const preflight::Page& page,
                           const std::string& clock);
/// One line, without a line feed. The names are part of the product and do not change once
/// released.
std::string preflight_json(const std::string& source, const preflight::Page& page);

}  // namespace salvor::report
