#include "formats/snap/v2_store.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "formats/base/checksum.hpp"
#include "formats/snap/snap_file.hpp"
#include "tests/formats/wal/restored.hpp"

using namespace salvor;

namespace {

std::string restored_snap(etcd::Line line, const std::vector<etcd::Member>& by_id,
                          const std::vector<etcd::Member>& created) {
    etcd::ConfState voters;
    for (const auto& member : by_id) voters.voters.push_back(member.id);
    return hex(
        sha256(snap::encode(line, {1, by_id.size(), voters, snap::restored_store(line, created)})));
}

}  // namespace

TEST_CASE("a .snap file has the digest of the one that each line's own restore wrote") {
    for (const auto& [line, release, folder] : restored_by) {
        for (const bool three : {false, true}) {
            if (three && line >= etcd::Line::v3_6) continue;
            INFO(release << (three ? ", three members" : ", one member"));
            const auto members = restored_members(three);
            CHECK(upstream_digests(folder, release, three, ".snap") ==
                  std::set{restored_snap(line, members, members)});
        }
    }
}

TEST_CASE("the .snap files of 3.6 and 3.7 are those of the command line's order, begun anywhere") {
    for (const auto& [line, release, folder] : restored_by) {
        if (line < etcd::Line::v3_6) continue;
        INFO(release);
        const auto members = restored_members(true);
        auto created = members;
        std::reverse(created.begin(), created.end());  // m1, m2, m3
        std::set<std::string> possible;
        for (std::size_t i = 0; i < created.size(); ++i) {
            possible.insert(restored_snap(line, members, created));
            std::rotate(created.begin(), created.begin() + 1, created.end());
        }
        const auto seen = upstream_digests(folder, release, true, ".snap");
        CHECK(seen.size() > 1);
        CHECK(std::includes(possible.begin(), possible.end(), seen.begin(), seen.end()));
    }
}

TEST_CASE("a peer URL with what Go escapes keeps the store valid JSON") {
    const auto member = restored_member("a", "http://h&<>\"\\:2380", "t");
    const auto store = nlohmann::json::parse(snap::restored_store(etcd::Line::v3_6, {member}));
    const auto& node = store["Root"]["Children"]["0"]["Children"]["members"]["Children"]
                            [to_string(member.id)]["Children"]["raftAttributes"];
    const auto urls = nlohmann::json::parse(node["Value"].get<std::string>())["peerURLs"];
    CHECK(urls == nlohmann::json{member.peer_urls[0]});
}
