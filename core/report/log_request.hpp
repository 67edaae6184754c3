#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "formats/etcd/request.hpp"

namespace salvor::report {

/// What an entry asks for: its kind ("put"), a line for people, and JSON: keys and values base64,
/// as etcdctl has them.
struct LogRequest {
    std::string kind;
    std::string line;
    nlohmann::ordered_json json;
};
LogRequest describe(const etcd::RaftRequest& request);

}  // namespace salvor::report
