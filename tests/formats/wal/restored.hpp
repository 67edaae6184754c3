#pragma once

#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "formats/etcd/member.hpp"
#include "formats/etcd/version.hpp"

// The clusters of testdata/real/etcd-*/answers/*/restore.json: what upstream's restore was told,
// and the digests of the files that it wrote.

namespace salvor {

inline etcd::Member restored_member(const std::string& name, const std::string& url,
                                    const char* token) {
    return {etcd::member_id({url}, token), {url}, false, name, {}};
}

/// Ascending by id.
inline std::vector<etcd::Member> restored_members(bool three) {
    if (!three) return {restored_member("default", "http://localhost:2380", "etcd-cluster")};
    const char* token = "restored-cluster";
    return {restored_member("m3", "http://10.20.30.3:2380", token),
            restored_member("m2", "http://10.20.30.2:2380", token),
            restored_member("m1", "http://10.20.30.1:2380", token)};
}

/// Every digest that upstream's tool of that release gave for files with this ending.
inline std::set<std::string> upstream_digests(const std::string& folder, const std::string& release,
                                              bool three, const std::string& ending) {
    std::set<std::string> digests;
    for (const char* snapshot : {"rich", "compacted"}) {
        std::ifstream in(SALVOR_TESTDATA "/real/" + folder + "/answers/" + snapshot +
                         "/restore.json");
        const auto runs = nlohmann::json::parse(in);
        for (const auto& [name, run] : runs.items()) {
            if (!name.starts_with(release) || name.ends_with("plain") == three) continue;
            for (const auto& file : run.at("files")) {
                const std::string path = file.at("path");
                if (path.ends_with(ending)) digests.insert(file.at("sha256"));
            }
        }
    }
    return digests;
}

struct RestoredBy {
    etcd::Line line;
    const char* release;
    const char* folder;
};
inline constexpr RestoredBy restored_by[] = {{etcd::Line::v3_4, "3.4.23", "etcd-3.4"},
                                             {etcd::Line::v3_5, "3.5.33", "etcd-3.5"},
                                             {etcd::Line::v3_6, "3.6.14", "etcd-3.6"},
                                             {etcd::Line::v3_7, "3.7.1", "etcd-3.7"}};

}  // namespace salvor
