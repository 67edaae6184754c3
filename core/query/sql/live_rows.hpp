#pragma once

#include <optional>
#include <vector>

#include "core/query/sql/stored.hpp"

namespace salvor::query {

/// The live keys that conditions leave, by key: whole runs of other resources, namespaces and names
/// are passed over without a look at them.
class LiveRows {
 public:
    LiveRows(const Source& source, const Wanted& wanted);
    /// The next row; nullptr: there is none any more. Valid until the next call.
    const Stored* next();
    const Stored& row() const { return *row_; }
    /// Its place in the state.
    std::size_t place() const { return at_ - 1; }

 private:
    struct Run {
        std::size_t begin, end;
    };
    void add_run(const std::string& start, bool whole_key);
    void add_types();

    const Source* source_;
    Wanted wanted_;
    std::vector<Run> runs_;
    std::size_t run_ = 0, at_ = 0;
    std::optional<Stored> row_;
};

}  // namespace salvor::query
