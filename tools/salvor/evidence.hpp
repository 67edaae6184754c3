#pragma once

#include <optional>
#include <string>

#include "core/report/evidence.hpp"
#include "formats/base/staged_file.hpp"
#include "tools/salvor/commands.hpp"

// --evidence FILE, which every command has: what was read, before and after.

namespace salvor::tool {

/// Where --evidence is to stand; empty: not asked for.
std::string& evidence_path();
/// In the evidence the word stands for itself no more.
void hide_argument(const std::string& word);
/// Called of every source that is opened; costs nothing where no evidence is asked for.
void note_source(const std::string& source, const Snapshot& snapshot);

/// One run of a command.
class EvidenceTaking {
 public:
    /// Refuses at once where the file cannot be made. Errors: exists, not_found, io.
    static Result<EvidenceTaking> begin(Words words);
    /// Reads each file again, and puts the evidence at its place.
    Result<void> finish(int exit_status, const std::string& error);

 private:
    EvidenceTaking(StagedFile file, Words words);
    StagedFile file_;
    report::Evidence evidence_;
    std::vector<std::string> words_;
};

}  // namespace salvor::tool
