#include "formats/wal/reader.hpp"

#include <algorithm>

#include "formats/base/checksum.hpp"
#include "formats/wal/record.hpp"
#include "formats/wal/segment_name.hpp"

namespace salvor::wal {
namespace fs = std::filesystem;

/// One pass over all segments. Each step returns whether the chain goes on.
class Reading {
 public:
    Reading(Log& log, const ProblemSink& sink) : log_(log), sink_(sink) {
        for (const auto& segment : log.segments) log.entries.segments_.push_back(segment.bytes);
    }

    void read_all();

 private:
    bool read_segment();
    bool read_record(Frame frame);
    bool take(const Record& record);
    bool take_metadata(Bytes data);
    bool take_entry(Bytes data);
    bool take_state(Bytes data);
    bool take_snapshot(Bytes data);
    void look_at_rest();
    void check_whole();

    bool in_last() const { return at_ + 1 == log_.segments.size(); }
    Segment& segment() { return log_.segments[at_]; }
    void report(const char* check, std::string message, std::optional<std::uint64_t> offset) {
        Problem problem{check, {}, std::move(message)};
        problem.place.file = shown_path(segment().path);
        problem.place.offset = offset;
        sink_(std::move(problem));
    }
    bool stop(const char* check, std::string message) {
        report(check, std::move(message), offset_);
        log_.ending = Ending::broken;
        return false;
    }
    /// A flaw that a crash explains is the end of the log and no more.
    bool stop_torn(std::string message) {
        report("wal-torn", std::move(message), offset_);
        log_.ending = Ending::torn;
        return false;
    }

    Log& log_;
    const ProblemSink& sink_;
    std::size_t at_ = 0;        // which segment
    std::uint64_t offset_ = 0;  // of the frame at hand
    std::uint32_t crc_ = 0;
    std::optional<Bytes> metadata_;
};

void Reading::read_all() {
    for (at_ = 0; at_ < log_.segments.size(); ++at_) {
        offset_ = 0;
        if (at_ > 0 && segment().sequence != log_.segments[at_ - 1].sequence + 1) {
            stop("wal-sequence",
                 fmt::format("segment {:016x} follows {:016x}: what is between them is missing",
                             segment().sequence, log_.segments[at_ - 1].sequence));
            return;
        }
        if (!read_segment()) break;
    }
    if (log_.ending != Ending::broken && !log_.segments.empty()) check_whole();
}

bool Reading::read_segment() {
    const auto bytes = segment().bytes;
    for (;;) {
        segment().data_end = offset_;
        const auto frame = frame_at(bytes, offset_);
        if (frame.kind == Frame::Kind::end) break;
        if (frame.kind == Frame::Kind::cut) {
            auto message =
                fmt::format("frame at byte {}: {} bytes of it do not fit in the file's {}", offset_,
                            frame.needed, bytes.size());
            return in_last() ? stop_torn(std::move(message))
                             : stop("wal-frame", std::move(message));
        }
        if (!read_record(frame)) return false;
        offset_ += length_field_size + frame.body.size();
    }
    if (offset_ == 0) report("wal-empty", "the segment holds no record", {});
    look_at_rest();
    return true;
}

bool Reading::read_record(Frame frame) {
    const bool torn = in_last() && looks_torn(frame.body, offset_ + length_field_size);
    const auto record = parse_record(frame.record);
    if (!record) {
        auto message = fmt::format("frame at byte {}: {}", offset_, record.error().message);
        return torn ? stop_torn(std::move(message)) : stop("wal-record", std::move(message));
    }
    if (record->type == RecordType::crc) {
        // A chain that has not begun takes over any value. Source: wal.go ReadAll
        if (crc_ != 0 && record->crc != crc_) {
            return stop("wal-crc",
                        fmt::format("frame at byte {}: the chain is taken up at {:08x}, but "
                                    "the records before it end at {:08x}",
                                    offset_, record->crc, crc_));
        }
        crc_ = record->crc;
        ++log_.records;
        return true;
    }
    crc_ = crc32c(crc_, record->data);
    if (record->crc != crc_) {
        auto message = fmt::format("frame at byte {}: crc {:08x} is stored, its bytes give {:08x}",
                                   offset_, record->crc, crc_);
        return torn ? stop_torn(std::move(message)) : stop("wal-crc", std::move(message));
    }
    ++log_.records;
    return take(*record);
}

bool Reading::take(const Record& record) {
    switch (record.type) {
        case RecordType::metadata: return take_metadata(record.data);
        case RecordType::entry: return take_entry(record.data);
        case RecordType::state: return take_state(record.data);
        case RecordType::snapshot: return take_snapshot(record.data);
        case RecordType::crc: break;
    }
    return stop("wal-record", fmt::format("frame at byte {}: record type {} is not known", offset_,
                                          static_cast<std::int64_t>(record.type)));
}

bool Reading::take_metadata(Bytes data) {
    const auto metadata = parse_metadata(data);
    if (!metadata) {
        return stop("wal-record",
                    fmt::format("frame at byte {}: {}", offset_, metadata.error().message));
    }
    if (metadata_ && *metadata_ != data) {
        return stop(
            "wal-metadata",
            fmt::format("frame at byte {}: member {} of cluster {}, but the log so far is that "
                        "of member {} of cluster {}",
                        offset_, to_string(metadata->node), to_string(metadata->cluster),
                        to_string(*log_.node), to_string(*log_.cluster)));
    }
    metadata_ = data;
    log_.node = metadata->node;
    log_.cluster = metadata->cluster;
    return true;
}

bool Reading::take_entry(Bytes data) {
    const auto entry = parse_entry(data);
    if (!entry) {
        return stop("wal-record",
                    fmt::format("frame at byte {}: {}", offset_, entry.error().message));
    }
    auto& entries = log_.entries;
    // At or below the snapshot from which etcd starts, and so not looked at.
    if (entry->index == 0 || (!entries.empty() && entry->index < entries.first_index()))
        return true;
    if (!entries.empty() && entry->index > entries.last_index() + 1) {
        // A snapshot that the leader sent jumps ahead of what the log had.
        if (log_.last_index() + 1 < entry->index) {
            return stop("wal-entry-order",
                        fmt::format("frame at byte {}: entry {} follows entry {}", offset_,
                                    entry->index, entries.last_index()));
        }
        entries.places_.clear();
    }
    if (entries.empty()) entries.first_index_ = entry->index;
    entries.places_.resize(entry->index - entries.first_index());
    entries.places_.push_back(std::uint64_t{at_} << Entries::offset_bits | offset_);
    return true;
}

bool Reading::take_state(Bytes data) {
    const auto state = parse_hard_state(data);
    if (!state) {
        return stop("wal-record",
                    fmt::format("frame at byte {}: {}", offset_, state.error().message));
    }
    log_.hard_state = *state;
    return true;
}

bool Reading::take_snapshot(Bytes data) {
    auto snapshot = parse_snapshot(data);
    if (!snapshot) {
        return stop("wal-record",
                    fmt::format("frame at byte {}: {}", offset_, snapshot.error().message));
    }
    snapshot->segment = at_;
    log_.snapshots.push_back(std::move(*snapshot));
    return true;
}

void Reading::look_at_rest() {
    const auto rest = segment().bytes.substr(offset_);
    const auto found = rest.find_first_not_of('\0');
    if (found == Bytes::npos) return;
    report(
        "wal-rest",
        fmt::format("the log ends at byte {}, but byte {} is not zero: an older tail that was torn "
                    "or cut off, or records lost behind a length that became zero",
                    offset_, offset_ + found),
        offset_ + found);
}

void Reading::check_whole() {
    at_ = log_.segments.size() - 1;
    if (!metadata_) {
        report("wal-metadata", "no segment says which member of which cluster it is of", {});
    }
    if (log_.hard_state.commit > log_.last_index()) {
        report("wal-commit",
               fmt::format("entry {} is committed, but the log ends at {}: entries are missing",
                           log_.hard_state.commit, log_.last_index()),
               segment().data_end);
    }
}

Result<Log> read(std::vector<fs::path> files, const ProblemSink& sink) {
    std::sort(files.begin(), files.end(), [](const fs::path& a, const fs::path& b) {
        return a.filename().native() < b.filename().native();
    });
    std::vector<Segment> segments;
    for (const auto& path : files) {
        const auto name = parse_segment_name(path);
        if (!name) {
            Problem problem{
                "wal-name",
                {},
                "its name is not SEQUENCE-INDEX.wal, each of 16 hex digits: etcd does not read it"};
            problem.place.file = shown_path(path);
            sink(std::move(problem));
            continue;
        }
        SALVOR_TRY(auto file, MappedFile::open(path));
        segments.push_back({path, file.bytes(), file, name->sequence, name->first_index});
    }
    return read_segments(std::move(segments), sink);
}

Log read_segments(std::vector<Segment> segments, const ProblemSink& sink) {
    Log log;
    log.segments = std::move(segments);
    Reading(log, sink).read_all();
    return log;
}

}  // namespace salvor::wal
