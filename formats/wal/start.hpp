#pragma once

#include "formats/base/problem.hpp"
#include "formats/wal/log.hpp"

namespace salvor::wal {

/// Whether the log reaches back to `start`, the snapshot that etcd chose (index 0 and term 0 where
/// it found none): check `wal-start`. Where it fails etcd does not start, or starts with less than
/// it had and waits for ever. Source: wal.go ReadAll, selectWALFiles
void check_start(const Log& log, const SnapshotRecord& start, const ProblemSink& sink);

}  // namespace salvor::wal
