#pragma once

#include <functional>
#include <string>
#include <vector>

#include "formats/base/problem.hpp"

namespace salvor {

/// By what happens at a restore: error: it would not restore as it is, or not all of it; warning:
/// it restores, but somebody has to act or to know; note: worth saying.
enum class Severity { note, warning, error };

/// What a finding speaks of: the backup, or the cluster that is in it, which a sound backup keeps
/// as it was.
enum class Subject { backup, cluster };

/// The stages of verify, outermost first.
enum class Layer { envelope, page, tree, record, revision, wal, object, reference };

const char* name(Severity severity);
const char* name(Subject subject);
const char* name(Layer layer);

/// The one currency of verify, recover and report: one thing found in somebody's data.
struct Finding {
    std::string rule;  ///< stable id, listed by `verify --list-rules`
    Severity severity;
    Layer layer;
    Place place;
    std::string message;  ///< place, what was read, what was expected; lower case, no full stop
    std::string remedy;   ///< what to do; may be empty
    Subject about = Subject::backup;
};

using FindingSink = std::function<void(Finding)>;

}  // namespace salvor
