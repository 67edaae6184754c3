#include "formats/snap/v2_store.hpp"

#include <fmt/core.h>

#include <map>

#include "formats/text/go_json.hpp"

namespace salvor::snap {
namespace {

constexpr std::string_view members_path = "/0/members";
constexpr std::size_t history_capacity = 1000;  // v2store/store.go newStore: newWatchHub(1000)

std::string quoted(Bytes text) {
    std::string json;
    text::append_go_string(json, text);
    return json;
}

std::string raft_attributes(const etcd::Member& member) {
    std::string urls;
    for (const auto& url : member.peer_urls) {
        if (!urls.empty()) urls += ',';
        text::append_go_string(urls, url);
    }
    return fmt::format(R"({{"peerURLs":[{}]}})", urls);
}

std::string member_path(const etcd::Member& member) {
    return fmt::format("{}/{}", members_path, to_string(member.id));
}

/// A node up to its children: `null` for a file, an object for a folder. It never expires: Go's
/// zero time.
std::string node(std::string_view path, std::size_t index, Bytes value, std::string_view children) {
    return fmt::format(R"({{"Path":"{}","CreatedIndex":{},"ModifiedIndex":{},)"
                       R"("ExpireTime":"0001-01-01T00:00:00Z","Value":{},"Children":{}}})",
                       path, index, index, quoted(value), children);
}

std::string member_node(const etcd::Member& member, std::size_t index) {
    const auto path = member_path(member);
    const auto attributes = node(path + "/raftAttributes", index, raft_attributes(member), "null");
    return node(path, index, "", fmt::format(R"({{"raftAttributes":{}}})", attributes));
}

std::string tree(const std::vector<etcd::Member>& members) {
    std::map<std::string, std::string> by_name;  // Go writes a map's keys in their order as text
    for (std::size_t i = 0; i < members.size(); ++i) {
        by_name[to_string(members[i].id)] = member_node(members[i], i + 1);
    }
    std::string folders;
    for (const auto& [name, json] : by_name) {
        if (!folders.empty()) folders += ',';
        folders += fmt::format("\"{}\":{}", name, json);
    }
    const auto members_node = node(members_path, 1, "", fmt::format("{{{}}}", folders));
    const auto cluster = node("/0", 0, "", fmt::format(R"({{"members":{}}})", members_node));
    const auto keys = node("/1", 0, "", "{}");
    return node("/", 0, "", fmt::format(R"({{"0":{},"1":{}}})", cluster, keys));
}

/// One `create` event a member, then the ring's empty slots.
std::string events(const std::vector<etcd::Member>& members) {
    std::string json;
    for (std::size_t i = 0; i < history_capacity; ++i) {
        if (i > 0) json += ',';
        if (i >= members.size()) {
            json += "null";
            continue;
        }
        json +=
            fmt::format(R"({{"action":"create","node":{{"key":"{}/raftAttributes","value":{},)"
                        R"("modifiedIndex":{},"createdIndex":{}}}}})",
                        member_path(members[i]), quoted(raft_attributes(members[i])), i + 1, i + 1);
    }
    return json;
}

}  // namespace

std::string restored_store(etcd::Line line, const std::vector<etcd::Member>& members) {
    const auto count = members.size();
    // 3.6 and later first look whether there are members, and count that as a failed get.
    const int gets_failed = line >= etcd::Line::v3_6 ? 1 : 0;
    return fmt::format(
        R"({{"Root":{},"WatcherHub":{{"EventHistory":{{"Queue":{{"Events":[{}],)"
        R"("Size":{},"Front":0,"Back":{},"Capacity":{}}},"StartIndex":1,"LastIndex":{}}}}},)"
        R"("CurrentIndex":{},"Stats":{{"getsSuccess":0,"getsFail":{},"setsSuccess":0,"setsFail":0,)"
        R"("deleteSuccess":0,"deleteFail":0,"updateSuccess":0,"updateFail":0,"createSuccess":{},)"
        R"("createFail":0,"compareAndSwapSuccess":0,"compareAndSwapFail":0,)"
        R"("compareAndDeleteSuccess":0,"compareAndDeleteFail":0,"expireCount":0,"watchers":0}},)"
        R"("CurrentVersion":2}})",
        tree(members), events(members), count, count, history_capacity, count, count, gets_failed,
        count);
}

}  // namespace salvor::snap
