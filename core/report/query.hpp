#pragma once

#include <memory>

#include "core/query/sql/answer.hpp"
#include "core/report/objects.hpp"

namespace salvor::report {

enum class QueryFormat : std::uint8_t { table, csv, json, jsonl };

/// `query`: an answer as it comes, never the whole of it in memory.
class QueryPrinter : public query::AnswerSink {
 public:
    /// Nothing may follow.
    virtual void finish() = 0;
};
std::unique_ptr<QueryPrinter> query_printer(QueryFormat format, TextSink sink);

}  // namespace salvor::report
