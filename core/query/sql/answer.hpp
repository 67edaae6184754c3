#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/query/sql/cell.hpp"

namespace salvor::query {

/// What takes an answer, row after row.
class AnswerSink {
 public:
    virtual ~AnswerSink() = default;
    /// Once, before the rows. No two names are the same.
    virtual void begin(const std::vector<std::string>& columns) = 0;
    /// The cells are valid during the call.
    virtual void row(std::span<const Cell> cells) = 0;
};

}  // namespace salvor::query
