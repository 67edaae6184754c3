#include "formats/snap/snap_file.hpp"

#include <algorithm>
#include <protozero/pbf_reader.hpp>

#include "formats/base/checksum.hpp"
#include "formats/etcd/conf_state_message.hpp"
#include "formats/etcd/proto/raft.pb.h"

namespace salvor::snap {
namespace proto = etcd::proto;
namespace fs = std::filesystem;
namespace {

constexpr auto bytes_type = protozero::pbf_wire_type::length_delimited;
constexpr auto varint_type = protozero::pbf_wire_type::varint;
using protozero::tag_and_type;

Bytes view(const protozero::data_view& data) {
    return {data.data(), data.size()};
}

/// snappb.Snapshot.
struct Envelope {
    std::uint32_t crc = 0;
    Bytes data;
};
Envelope read_envelope(Bytes bytes) {
    Envelope envelope;
    protozero::pbf_reader reader(bytes.data(), bytes.size());
    while (reader.next()) {
        switch (reader.tag_and_type()) {
            case tag_and_type(1, varint_type): envelope.crc = reader.get_uint32(); break;
            case tag_and_type(2, bytes_type): envelope.data = view(reader.get_view()); break;
            default:
                if (reader.tag() <= 2) throw protozero::unknown_pbf_wire_type_exception{};
                reader.skip();
        }
    }
    return envelope;
}

/// raftpb.Snapshot up to its metadata, which is returned as it is.
Bytes read_snapshot(Bytes bytes, SnapFile& snap) {
    Bytes metadata;
    protozero::pbf_reader reader(bytes.data(), bytes.size());
    while (reader.next()) {
        switch (reader.tag_and_type()) {
            case tag_and_type(1, bytes_type): snap.data = view(reader.get_view()); break;
            case tag_and_type(2, bytes_type): metadata = view(reader.get_view()); break;
            default:
                if (reader.tag() <= 2) throw protozero::unknown_pbf_wire_type_exception{};
                reader.skip();
        }
    }
    return metadata;
}

/// raftpb.SnapshotMetadata up to its ConfState, which is returned as it is.
Bytes read_metadata(Bytes bytes, SnapFile& snap) {
    Bytes conf_state;
    protozero::pbf_reader reader(bytes.data(), bytes.size());
    while (reader.next()) {
        switch (reader.tag_and_type()) {
            case tag_and_type(1, bytes_type): conf_state = view(reader.get_view()); break;
            case tag_and_type(2, varint_type): snap.index = reader.get_uint64(); break;
            case tag_and_type(3, varint_type): snap.term = reader.get_uint64(); break;
            default:
                if (reader.tag() <= 3) throw protozero::unknown_pbf_wire_type_exception{};
                reader.skip();
        }
    }
    return conf_state;
}

Result<SnapFile> read_checked(Bytes data) {
    SnapFile snap;
    const auto conf_state = read_metadata(read_snapshot(data, snap), snap);
    SALVOR_TRY(snap.conf_state, etcd::parse_conf_state_message(conf_state));
    return snap;
}

struct Reporter {
    const ProblemSink& sink;
    void operator()(const fs::path& path, const char* check, std::string message) const {
        Problem problem{check, {}, std::move(message)};
        problem.place.file = "member/snap/" + path.filename().string();
        sink(std::move(problem));
    }
};

}  // namespace

std::string file_name(std::uint64_t term, std::uint64_t index) {
    return fmt::format("{:016x}-{:016x}.snap", term, index);
}

Result<SnapFile> parse(Bytes bytes) {
    try {
        const auto envelope = read_envelope(bytes);
        // An empty file has neither. Source: snapshotter.go Read
        if (envelope.crc == 0 || envelope.data.empty()) {
            return fail(ErrorCode::malformed, "empty snapshot: {} bytes of data, crc {:08x}",
                        envelope.data.size(), envelope.crc);
        }
        if (const auto crc = crc32c(0, envelope.data); crc != envelope.crc) {
            return fail(ErrorCode::malformed,
                        "crc of the {} bytes of data is {:08x}, {:08x} is stored",
                        envelope.data.size(), crc, envelope.crc);
        }
        return read_checked(envelope.data);
    } catch (const protozero::exception& error) {
        return fail(ErrorCode::malformed, "snappb.Snapshot of {} bytes does not parse: {}",
                    bytes.size(), error.what());
    }
}

std::string encode(etcd::Line line, const SnapFile& snap) {
    proto::Snapshot snapshot;
    snapshot.set_data(std::string(snap.data));
    to_message(line, snap.conf_state, *snapshot.mutable_metadata()->mutable_conf_state());
    snapshot.mutable_metadata()->set_index(snap.index);
    snapshot.mutable_metadata()->set_term(snap.term);
    proto::SnapFile file;
    file.set_data(snapshot.SerializeAsString());
    file.set_crc(crc32c(0, file.data()));
    return file.SerializeAsString();
}

Result<std::optional<Loaded>> newest(std::vector<fs::path> files, const InLog& in_log,
                                     const ProblemSink& sink) {
    std::sort(files.begin(), files.end(), [](const fs::path& a, const fs::path& b) {
        return a.filename().native() > b.filename().native();
    });
    const Reporter report{sink};
    std::optional<Loaded> found;
    for (const auto& path : files) {
        SALVOR_TRY(auto file, MappedFile::open(path));
        auto snap = parse(file.bytes());
        if (!snap) {
            report(path, "snap-file", std::move(snap).error().message);
            continue;
        }
        if (path.filename() != file_name(snap->term, snap->index)) {
            report(path, "snap-name",
                   fmt::format("holds the snapshot of term {}, index {}: its name should be {}",
                               snap->term, snap->index, file_name(snap->term, snap->index)));
        }
        if (!in_log(snap->term, snap->index)) {
            report(path, "snap-log",
                   fmt::format("no committed record of the log has its term {} and index {}",
                               snap->term, snap->index));
        } else if (!found) {
            found = Loaded{path, std::move(file), std::move(*snap)};
        }
    }
    return found;
}

}  // namespace salvor::snap
