#pragma once

#include <optional>
#include <string>

#include "formats/base/mapped_file.hpp"
#include "formats/etcd/version.hpp"

namespace salvor::tool::standin {

/// Upstream's first look at a file: that it is there. nullopt where it is, else its error.
std::optional<std::string> missing(const std::string& path);

/// Opens a file to be read as a database. Errors are upstream's words on a directory, an empty
/// file, a pipe, or what the system says; where upstream would wait without end (a FIFO, a lock
/// that a server holds) it is a sentence.
Result<MappedFile> open_database_file(const std::string& path, etcd::Line line);

}  // namespace salvor::tool::standin
