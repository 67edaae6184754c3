#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/snapshot/snapshot.hpp"
#include "formats/base/opened_files.hpp"

namespace salvor::report {

/// A source, and the bytes that were left of it once all envelopes were taken off.
struct SourceEvidence {
    std::string source;
    std::vector<std::string> layers;  ///< outermost first, as `info -o json` names them
    std::uint64_t size = 0;
    std::string sha256;
};
SourceEvidence evidence_of(const std::string& source, const Snapshot& snapshot);

/// A file that was read, and what became of it meanwhile.
struct FileEvidence {
    OpenedFile before;
    std::string sha256_after;  ///< empty: it could not be read again
    bool is_unchanged() const { return before.sha256 == sha256_after; }
};

/// One run of a command, for whoever has to show later what it read.
struct Evidence {
    std::string version;
    std::vector<std::string> arguments;  ///< less secrets
    std::string directory, host;
    std::uint64_t user = 0;               ///< the effective user id
    std::int64_t started = 0, ended = 0;  ///< seconds since 1970
    int exit_status = 0;
    std::string error;  ///< empty: none
    std::vector<SourceEvidence> sources;
    std::vector<FileEvidence> files;
};
std::string evidence_json(const Evidence& evidence);

}  // namespace salvor::report
