#pragma once

#include <string>

#include "core/restore/restore.hpp"

// What a member that was just made starts from: a log whose entries add the members, and a snapshot
// of them. Source: etcd etcdutl/snapshot/v3_snapshot.go saveWALAndSnap

namespace salvor::restore {

struct Bootstrap {
    std::string wal_name;
    std::string wal;  ///< the records; the file is preallocated to wal::segment_size
    std::string snap_name;
    std::string snap;
};
Bootstrap bootstrap(const Plan& plan, etcd::MemberId self);

}  // namespace salvor::restore
