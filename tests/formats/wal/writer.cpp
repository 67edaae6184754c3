#include "formats/wal/writer.hpp"

#include <catch2/catch.hpp>

#include "formats/base/checksum.hpp"
#include "formats/wal/segment_name.hpp"
#include "tests/formats/wal/restored.hpp"

using namespace salvor;

namespace {

/// What `snapshot restore` writes, for members[self].
std::string restored_log(etcd::Line line, const std::vector<etcd::Member>& members,
                         std::size_t self) {
    std::vector<etcd::MemberId> ids;
    for (const auto& member : members) ids.push_back(member.id);
    wal::SegmentWriter log(line);
    log.metadata(ids[self], etcd::cluster_id(ids));
    log.snapshot({});
    for (std::size_t i = 0; i < members.size(); ++i) {
        const auto change = wal::add_member_change(line, members[i]);
        log.entry({wal::Entry::Type::conf_change, 1, i + 1, change, 0, 0});
    }
    log.hard_state({1, number(ids[0]), members.size()});
    log.snapshot({members.size(), 1, etcd::ConfState{ids, {}, {}, {}, false}});
    return log.bytes();
}

std::string segment_digest(const std::string& records) {
    Sha256 sha;
    sha.update(records);
    const std::string zeros(1 << 20, '\0');
    for (auto left = wal::segment_size - records.size(); left > 0;) {
        const auto piece = std::min<std::uint64_t>(left, zeros.size());
        sha.update(Bytes(zeros).substr(0, piece));
        left -= piece;
    }
    return hex(sha.finish());
}

}  // namespace

TEST_CASE("the log of a default restore is 3.5's and 3.6's, byte for byte") {
    for (const auto line : {etcd::Line::v3_5, etcd::Line::v3_6}) {
        CHECK(hex(restored_log(line, restored_members(false), 0)) ==
              "0400000000000084"
              "0804100000000000"
              "2000000000000000"
              "080110bb81c7fc051a1608cdd2918bd2b881cf8e0110b298eaf1948386fccd01"
              "0e00000000000082"
              "08051094bbc7ed0e1a04080010000000"
              "7400000000000084"
              "080210c2ee92950b1a6a08011001180122620800100018cdd2918bd2b881cf8e012251"
              "7b226964223a31303237363635373734333933323937353433372c227065657255524c7322"
              "3a5b22687474703a2f2f6c6f63616c686f73743a32333830225d2c226e616d65223a226465"
              "6661756c74227d00000000"
              "1900000000000087"
              "0803109b98d6c3081a0f080110cdd2918bd2b881cf8e01180100000000000000"
              "1d00000000000083"
              "0805108d9eaeef0d1a13080110011a0d08cdd2918bd2b881cf8e012800000000");
    }
}

TEST_CASE("segments have the digests of those that each line's own restore wrote") {
    for (const auto& [line, release, folder] : restored_by) {
        for (const bool three : {false, true}) {
            INFO(release << (three ? ", three members" : ", one member"));
            const auto members = restored_members(three);
            const auto digest = segment_digest(restored_log(line, members, three ? 1 : 0));
            CHECK(upstream_digests(folder, release, three, ".wal") == std::set{digest});
        }
    }
}

TEST_CASE("a segment's name is its sequence and its first index") {
    CHECK(wal::segment_name(0, 0) == "0000000000000000-0000000000000000.wal");
    CHECK(wal::segment_name(0x1a, 0xfedcba9876543210) == "000000000000001a-fedcba9876543210.wal");
}

TEST_CASE("a length field tells its record's length and padding") {
    for (std::uint64_t size = 0; size < 40; ++size) {
        const auto [record, padding] = wal::frame_length(wal::length_field(size));
        CHECK(record == size);
        CHECK((size + padding) % 8 == 0);
        CHECK(padding < 8);
    }
    // Without the top bit the rest of the top byte means nothing.
    CHECK(wal::frame_length(0x0700000000000004).padding == 0);
}
