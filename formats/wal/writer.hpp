#pragma once

#include <string>

#include "formats/base/bytes.hpp"
#include "formats/etcd/version.hpp"
#include "formats/wal/layout.hpp"
#include "formats/wal/log.hpp"

namespace salvor::wal {

/// Builds the bytes of a log's first segment, record by record, as that line of etcd encodes them
/// (up to 3.6 zero scalars are written, 3.7 leaves them out; 3.4 has no ConfState in a snapshot
/// record). On disk the file is then made segment_size long.
class SegmentWriter {
 public:
    explicit SegmentWriter(etcd::Line line) : line_(line) { crc_record(); }
    void metadata(etcd::MemberId node, etcd::ClusterId cluster);
    void snapshot(const SnapshotRecord& record);
    void entry(const Entry& entry);
    void hard_state(const HardState& state);
    const std::string& bytes() const { return bytes_; }

 private:
    void crc_record();
    void record(RecordType type, Bytes data);
    void frame(Bytes record);
    etcd::Line line_;
    std::uint32_t crc_ = 0;
    std::string bytes_;
};

/// The data of a conf-change entry that adds a voter, as restore writes them.
std::string add_member_change(etcd::Line line, const etcd::Member& member);

}  // namespace salvor::wal
