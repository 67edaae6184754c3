#include "core/report/log_request.hpp"

#include "formats/text/escape.hpp"
#include "formats/text/go_json.hpp"

namespace salvor::report {
namespace {

using namespace etcd;
using Json = nlohmann::ordered_json;
using text::escape;

Json base64(Bytes bytes) {
    std::string quoted;
    text::append_base64(quoted, bytes);
    return quoted;
}

std::string words(const KeyRange& range) {
    if (range.end.empty()) return escape(range.key);
    if (range.end == Bytes("\0", 1)) return fmt::format("[{}, end)", escape(range.key));
    return fmt::format("[{}, {})", escape(range.key), escape(range.end));
}

void add(Json& json, const KeyRange& range) {
    json["key"] = base64(range.key);
    if (!range.end.empty()) json["rangeEnd"] = base64(range.end);
}

/// Each kind of request is told by one of these.
struct Teller {
    LogRequest& told;

    void tell(const char* kind, std::string line) {
        told.kind = kind;
        told.line = std::move(line);
    }
    void operator()(const std::monostate&) { tell("unknown", "a request that is not known"); }
    void operator()(const ReadingRequest& request) {
        tell("read", fmt::format("field {}", request.field));
    }
    void operator()(const RangeRequest& request) {
        tell("range", words(request.range));
        add(told.json, request.range);
        if (request.revision != 0) told.json["revision"] = request.revision;
    }
    void operator()(const PutRequest& request) {
        tell("put",
             fmt::format("{} = {} bytes{}", escape(request.key), request.value.size(),
                         request.lease ? fmt::format(", lease {:016x}",
                                                     static_cast<std::uint64_t>(request.lease))
                                       : ""));
        told.json["key"] = base64(request.key);
        told.json["value"] = base64(request.value);
        if (request.lease) told.json["lease"] = request.lease;
        if (request.ignore_value) told.json["ignoreValue"] = true;
        if (request.ignore_lease) told.json["ignoreLease"] = true;
    }
    void operator()(const DeleteRangeRequest& request) {
        tell("delete", words(request.range));
        add(told.json, request.range);
    }
    void operator()(const TxnRequest& request) {
        tell("txn", fmt::format("{} compares, then {}; else {}", request.compares.size(),
                                ops(request.success, "success"), ops(request.failure, "failure")));
    }
    void operator()(const CompactionRequest& request) {
        tell("compaction", fmt::format("at revision {}", request.revision));
        told.json["revision"] = request.revision;
    }
    void operator()(const LeaseGrantRequest& request) {
        lease("lease grant", request.id, fmt::format(" for {} s", request.ttl));
        told.json["ttl"] = request.ttl;
    }
    void operator()(const LeaseRevokeRequest& request) { lease("lease revoke", request.id, ""); }
    void operator()(const LeaseCheckpointRequest& request) {
        tell("lease checkpoint", fmt::format("{} leases", request.checkpoints.size()));
        told.json["leases"] = request.checkpoints.size();
    }
    void operator()(const AlarmRequest& request) {
        const bool raised = request.action == AlarmRequest::Action::activate;
        tell("alarm", fmt::format("{} {} for member {}", raised ? "raise" : "clear",
                                  name(request.alarm.type), to_string(request.alarm.member)));
        told.json["action"] = raised ? "raise" : "clear";
        told.json["alarm"] = name(request.alarm.type);
        told.json["member"] = to_string(request.alarm.member);
    }
    void operator()(const AuthEnableRequest&) { tell("auth enable", ""); }
    void operator()(const AuthDisableRequest&) { tell("auth disable", ""); }
    // Passwords are never shown, hashed or not.
    void operator()(const UserAddRequest& r) { named("user add", {{"user", r.name}}); }
    void operator()(const UserDeleteRequest& r) { named("user delete", {{"user", r.name}}); }
    void operator()(const UserChangePasswordRequest& r) {
        named("user password", {{"user", r.name}});
    }
    void operator()(const UserGrantRoleRequest& r) {
        named("user grant", {{"user", r.user}, {"role", r.role}});
    }
    void operator()(const UserRevokeRoleRequest& r) {
        named("user revoke", {{"user", r.user}, {"role", r.role}});
    }
    void operator()(const RoleAddRequest& r) { named("role add", {{"role", r.name}}); }
    void operator()(const RoleDeleteRequest& r) { named("role delete", {{"role", r.role}}); }
    void operator()(const RoleGrantPermissionRequest& r) {
        named("role grant", {{"role", r.role}});
        if (!r.permission) return;
        const KeyRange range{r.permission->key, r.permission->range_end};
        told.line += fmt::format(" {} {}", name(r.permission->type), words(range));
        told.json["permission"] = name(r.permission->type);
        add(told.json, range);
    }
    void operator()(const RoleRevokePermissionRequest& r) {
        named("role revoke", {{"role", r.role}});
        const KeyRange range{r.key, r.range_end};
        told.line += " " + words(range);
        add(told.json, range);
    }
    void operator()(const ClusterVersionSetRequest& r) {
        named("cluster version", {{"version", r.version}});
    }
    void operator()(const MemberAttributesSetRequest& r) {
        named("member attributes", {{"member", to_string(r.member)}, {"name", r.name}});
        told.json["clientURLs"] = Json::array();
        for (const auto& url : r.client_urls) told.json["clientURLs"].push_back(escape(url));
    }
    void operator()(const DowngradeInfoSetRequest& r) {
        named("downgrade", {{"version", r.enabled ? r.version : "off"}});
    }

 private:
    void lease(const char* kind, std::int64_t id, const std::string& more) {
        tell(kind, fmt::format("{:016x}{}", static_cast<std::uint64_t>(id), more));
        told.json["lease"] = id;
    }
    void named(const char* kind, std::initializer_list<std::pair<const char*, std::string>> texts) {
        std::string line;
        for (const auto& [member, value] : texts) {
            line += (line.empty() ? "" : " ") + escape(value);
            told.json[member] = escape(value);
        }
        tell(kind, std::move(line));
    }
    std::string ops(const std::vector<RequestOp>& branch, const char* member) {
        std::string line;
        auto& list = told.json[member] = Json::array();
        for (const auto& op : branch) {
            LogRequest inner;
            std::visit([&](const auto& request) { Teller{inner}(request); }, op);
            line += fmt::format("{}{} {}", line.empty() ? "" : ", ", inner.kind, inner.line);
            Json item{{"kind", inner.kind}};
            item.update(inner.json);
            list.push_back(std::move(item));
        }
        return line.empty() ? "nothing" : line;
    }
};

}  // namespace

LogRequest describe(const RaftRequest& request) {
    LogRequest told;
    told.json = Json::object();
    std::visit(Teller{told}, request.body);
    if (request.username && !request.username->empty()) {
        told.line += fmt::format(" (user {})", escape(*request.username));
        told.json["user"] = escape(*request.username);
    }
    return told;
}

}  // namespace salvor::report
