#pragma once

#include <filesystem>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "formats/base/mapped_file.hpp"
#include "formats/etcd/member.hpp"
#include "formats/etcd/meta.hpp"

// What a member's write-ahead log holds, as reader.hpp finds it. FORMAT.md explains frames, records
// and the CRC chain.

namespace salvor::wal {

struct Entry {
    enum class Type : std::uint8_t { normal = 0, conf_change = 1, conf_change_v2 = 2 };
    Type type;
    std::uint64_t term;
    std::uint64_t index;
    Bytes data;            ///< a view into the segment
    std::size_t segment;   ///< position in Log::segments
    std::uint64_t offset;  ///< of its frame in the segment
};

struct HardState {
    std::uint64_t term = 0;
    std::uint64_t vote = 0;
    std::uint64_t commit = 0;
};

struct SnapshotRecord {
    std::uint64_t index = 0;
    std::uint64_t term = 0;
    std::optional<etcd::ConfState> conf_state;
    std::size_t segment = 0;  ///< position in Log::segments
};

struct Segment {
    std::filesystem::path path;
    Bytes bytes;
    std::optional<MappedFile> file;  ///< what holds the bytes, where they are a file's
    std::uint64_t sequence = 0;      ///< from its name
    std::uint64_t first_index = 0;   ///< from its name
    std::uint64_t data_end = 0;      ///< behind the last good frame
};

/// The log's entries as a restart would see them: a later entry of the same index has replaced it
/// and all above it, so that the indexes are without a gap. 8 bytes of memory each; read again from
/// the map when asked for.
class Entries {
 public:
    std::size_t size() const { return places_.size(); }
    bool empty() const { return places_.empty(); }
    /// The index of the first one; it is [index - first_index()].
    std::uint64_t first_index() const { return first_index_; }
    /// Of the last one; 0 where there is none.
    std::uint64_t last_index() const { return empty() ? 0 : first_index_ + size() - 1; }
    Entry operator[](std::size_t i) const;

    class Iterator {
     public:
        using value_type = Entry;
        using difference_type = std::ptrdiff_t;
        Iterator() = default;
        Iterator(const Entries* entries, std::size_t at) : entries_(entries), at_(at) {}
        Entry operator*() const { return (*entries_)[at_]; }
        Iterator& operator++() { return ++at_, *this; }
        Iterator operator++(int) { return {entries_, at_++}; }
        bool operator==(const Iterator&) const = default;

     private:
        const Entries* entries_ = nullptr;
        std::size_t at_ = 0;
    };
    Iterator begin() const { return {this, 0}; }
    Iterator end() const { return {this, size()}; }

 private:
    friend class Reading;
    static constexpr int offset_bits = 48;
    std::vector<Bytes> segments_;
    std::vector<std::uint64_t> places_;  ///< segment above offset_bits, offset in it below
    std::uint64_t first_index_ = 0;
};

enum class Ending : std::uint8_t {
    clean,  ///< zeros or the file's end behind the last record
    torn,  ///< the last record was torn by a crash: etcd cuts it off when it starts, what is before
           ///< it is good
    broken,  ///< a flaw that keeps etcd from starting; what lies behind it was not read
};

/// The whole log, verified: its CRC chain from the first segment that is there to the last good
/// frame.
struct Log {
    std::vector<Segment> segments;
    std::optional<etcd::MemberId> node;
    std::optional<etcd::ClusterId> cluster;
    HardState hard_state;                   ///< the last one
    std::vector<SnapshotRecord> snapshots;  ///< in order
    Entries entries;
    std::size_t records = 0;
    Ending ending = Ending::clean;

    /// The last index that the log covers: of an entry or a snapshot.
    std::uint64_t last_index() const;
    /// The last record of a snapshot at that term and index which is not above the last commit;
    /// only such ones does etcd start from. Source: wal.go ValidSnapshotEntries
    const SnapshotRecord* committed_snapshot(std::uint64_t term, std::uint64_t index) const;
    /// The newest of them: 3.7 starts from it, older lines from the newest .snap file that has one.
    const SnapshotRecord* newest_committed_snapshot() const;
};

}  // namespace salvor::wal
