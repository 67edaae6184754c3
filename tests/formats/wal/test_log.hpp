#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "formats/base/bytes.hpp"
#include "formats/base/checksum.hpp"
#include "formats/etcd/proto/raft.pb.h"
#include "formats/wal/log.hpp"
#include "tests/temporary_directory.hpp"

namespace salvor {

/// A log's segments, framed by hand: it shares nothing with the reader or the writer but the
/// messages.
class TestLog {
 public:
    TestLog() { next_segment(); }

    TestLog& metadata(std::uint64_t node = 7, std::uint64_t cluster = 9) {
        etcd::proto::Metadata message;
        message.set_node_id(node);
        message.set_cluster_id(cluster);
        return record(1, message.SerializeAsString());
    }
    TestLog& entry(std::uint64_t term, std::uint64_t index, std::string data = "data") {
        etcd::proto::Entry message;
        message.set_type(0);
        message.set_term(term);
        message.set_index(index);
        message.set_data(std::move(data));
        return record(2, message.SerializeAsString());
    }
    TestLog& state(std::uint64_t term, std::uint64_t commit) {
        etcd::proto::HardState message;
        message.set_term(term);
        message.set_vote(7);
        message.set_commit(commit);
        return record(3, message.SerializeAsString());
    }
    TestLog& snapshot(std::uint64_t term, std::uint64_t index) {
        etcd::proto::WalSnapshot message;
        message.set_index(index);
        message.set_term(term);
        return record(5, message.SerializeAsString());
    }
    TestLog& record(std::int64_t type, const std::string& data) {
        crc_ = crc32c(crc_, data);
        etcd::proto::Record message;
        message.set_type(type);
        message.set_crc(crc_);
        message.set_data(data);
        return frame(message.SerializeAsString());
    }
    TestLog& frame(const std::string& record) {
        const auto padding = (8 - record.size() % 8) % 8;
        std::string field(8, '\0');
        store_le(field.data(), std::uint64_t{record.size()});
        if (padding) field[7] = static_cast<char>(0x80 | padding);
        starts_.push_back(bytes().size());
        bytes() += field + record + std::string(padding, '\0');
        return *this;
    }
    /// Begins a segment as etcd's cut does.
    TestLog& next_segment(std::uint64_t first_index = 0) {
        segments_.push_back({first_index, {}});
        starts_.clear();
        etcd::proto::Record message;
        message.set_type(4);
        message.set_crc(crc_);
        return frame(message.SerializeAsString());
    }

    /// Of the segment at hand.
    std::string& bytes() { return segments_.back().bytes; }
    std::size_t last_frame() const { return starts_.back(); }
    std::string& bytes_of(std::size_t segment) { return segments_[segment].bytes; }

    std::vector<std::filesystem::path> write(const std::filesystem::path& root) const {
        std::filesystem::create_directories(root / "member/wal");
        std::vector<std::filesystem::path> files;
        for (std::size_t i = 0; i < segments_.size(); ++i) {
            files.push_back(
                root / fmt::format("member/wal/{:016x}-{:016x}.wal", i, segments_[i].first_index));
            write_content(files.back(), segments_[i].bytes);
        }
        return files;
    }

 private:
    struct Segment {
        std::uint64_t first_index;
        std::string bytes;
    };
    std::vector<Segment> segments_;
    std::vector<std::size_t> starts_;
    std::uint32_t crc_ = 0;
};

}  // namespace salvor
