#pragma once

#include <filesystem>
#include <string>

#include "core/snapshot/snapshot.hpp"

namespace CLI {
class App;
}

// How a SOURCE is opened, for every command that has one alike.

namespace salvor::tool {

/// --entry, --temp-dir, -i/--identity, --passphrase-file, --passphrase-fd, --max-work-factor: which
/// of an archive's entries is meant, where unpacked bytes may be put, what opens what is encrypted.
/// `identity`: the names of that option, where -i is another.
void add_opening(CLI::App& app, const char* identity = "-i,--identity");

/// The path of a SOURCE as it was typed: `-` is standard input.
std::string source_path(const std::string& word);

/// --temp-dir; empty: it was not given.
std::string temp_folder();
/// Where files may be put that go with this run: --temp-dir, TMPDIR, or /var/tmp.
std::filesystem::path spill_folder();

/// Snapshot::open, as the options of this run say. Errors: its own, and those of reading the keys.
Result<Snapshot> open_source(const std::string& source,
                             Snapshot::Lock lock = Snapshot::Lock::ignore_held);

}  // namespace salvor::tool
