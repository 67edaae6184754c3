#pragma once

#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/snapshot/snapshot.hpp"

namespace salvor {

/// A snapshot of testdata, by its name below real/.
inline Snapshot open_real(const std::string& name) {
    INFO(name);
    auto snapshot = Snapshot::open(SALVOR_TESTDATA "/real/" + name);
    REQUIRE(snapshot);
    REQUIRE(snapshot->database());
    return std::move(*snapshot);
}

/// Upstream's answer beside it.
inline nlohmann::json real_answer(const std::string& name) {
    INFO(name);
    std::ifstream file(SALVOR_TESTDATA "/real/" + name);
    REQUIRE(file);
    return nlohmann::json::parse(file);
}

/// Every snapshot that a raw etcd made, as "etcd-3.4/rich".
inline std::vector<std::pair<std::string, std::string>> raw_snapshots() {
    std::vector<std::pair<std::string, std::string>> all;
    for (const auto* line : {"etcd-3.4", "etcd-3.5", "etcd-3.6", "etcd-3.7"}) {
        for (const auto& entry :
             std::filesystem::directory_iterator(std::string(SALVOR_TESTDATA "/real/") + line)) {
            if (entry.path().extension() == ".db") all.emplace_back(line, entry.path().stem());
        }
    }
    REQUIRE(all.size() == 17);
    return all;
}

}  // namespace salvor
