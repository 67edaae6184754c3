#pragma once

#include <string>

#include "core/compare/compare.hpp"

namespace salvor::report {

std::string compare_text(const compare::Comparison& comparison);
std::string compare_json(const compare::Comparison& comparison);

}  // namespace salvor::report
