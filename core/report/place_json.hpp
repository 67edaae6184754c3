#pragma once

#include <nlohmann/json.hpp>

#include "core/finding/finding.hpp"

namespace salvor::report {

/// An object, `{}` for the whole file: what is not known is absent, numbers are decimal.
nlohmann::ordered_json place_json(const Place& place);

}  // namespace salvor::report
