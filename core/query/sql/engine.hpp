#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/query/sql/answer.hpp"
#include "core/query/sql/source.hpp"

struct sqlite3;

namespace salvor::query {

/// SQL over snapshots: SQLite over virtual tables, nothing imported. It reads those tables and
/// nothing else: no file, no other database, no extension; what cannot be kept in a few megabytes
/// it sorts in temporary files without a name.
class Engine {
 public:
    /// The first source's tables are `keys` and so on, the second's `other.keys`, the third's
    /// `other2.keys`. `temp_folder`: where its temporary files lie; empty: TMPDIR or /var/tmp. The
    /// sources must outlive it. Errors: usage (more sources than SQLite attaches).
    static Result<std::unique_ptr<Engine>> open(std::span<Source* const> sources,
                                                const std::string& temp_folder);
    /// Runs one statement. Errors: usage (SQL that SQLite does not take, more than one statement,
    /// an attempt to write), too_large (more memory than
    /// queries get), what a source's rows could not be read for.
    Result<void> run(const std::string& sql, AnswerSink& sink);
    /// From now on asked now and then while a statement runs; yes ends it, with the error
    /// interrupted.
    void end_when(std::function<bool()> ends);

 private:
    Engine() = default;
    Result<void> add_source(std::size_t place, Source& source);
    std::unexpected<Error> failure(const std::string& sql) const;

    struct Close {
        void operator()(sqlite3* connection) const;
    };
    std::vector<Source*> sources_;
    std::function<bool()> ends_;
    std::unique_ptr<sqlite3, Close> connection_;
};

}  // namespace salvor::query
