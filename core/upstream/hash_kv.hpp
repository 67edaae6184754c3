#pragma once

#include "core/timeline/hash_kv.hpp"
#include "core/upstream/image.hpp"
#include "formats/base/mapped_file.hpp"

namespace salvor::upstream {

/// What `etcdutl hashkv` says of a file. It opens the file for writing, so that more can end it
/// than a status; here nothing is written. Errors: etcd's own words on a revision, else (a panic, a
/// hang) a sentence. Source: etcd etcdutl/etcdutl/hashkv_command.go
Result<timeline::HashKv> hash_kv(const MappedFile& file, std::int64_t revision, etcd::Line line);

}  // namespace salvor::upstream
