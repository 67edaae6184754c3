#pragma once

#include <optional>
#include <string>

#include "core/snapshot/snapshot.hpp"
#include "formats/base/mapped_file.hpp"
#include "formats/etcd/version.hpp"

namespace salvor::tool::standin {

/// Upstream's first look at a file: that it is there. nullopt where it is, else its error.
std::optional<std::string> missing(const std::string& path);

/// Opens a regular file that nobody holds; anything else gets a sentence, where etcdutl would wait
/// or crash.
Result<MappedFile> open_file(const std::string& path);
/// The same for a status, which has etcdutl's words on a directory, an empty file, a pipe.
Result<MappedFile> open_status_file(const std::string& path, etcd::Line line);
/// Opens a snapshot to be restored: without regard to locks, as etcdutl reads it. Errors:
/// upstream's words on what is no file, or too short for a trailer.
Result<Snapshot> open_restore_source(const std::string& path);

}  // namespace salvor::tool::standin
