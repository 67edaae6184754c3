#pragma once

#include "core/audit/exposure.hpp"
#include "core/report/answer_table.hpp"
#include "core/report/rights.hpp"

namespace salvor::report {

/// `exposure`: what has to be rotated. `of`: whose, in words: "node n1".
AnswerTable exposure_table(const RightsHead& head, const std::string& of,
                           const audit::Exposure& exposure, std::int64_t now);

}  // namespace salvor::report
