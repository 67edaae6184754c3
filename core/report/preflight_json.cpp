#include <nlohmann/json.hpp>

#include "core/report/preflight.hpp"
#include "formats/text/escape.hpp"
#include "formats/text/time.hpp"

namespace salvor::report {
namespace {

using Json = nlohmann::ordered_json;

template <class T>
Json or_null(const std::optional<T>& value) {
    return value ? Json(*value) : Json();
}

Json entry_json(const preflight::Entry& entry) {
    Json objects = Json::array();
    for (const auto* finding : entry.findings)
        objects.push_back(text::escape_message(finding->message));
    return {{"chapter", name(preflight::chapter_of(entry.first->rule))},
            {"rule", entry.first->rule},
            {"severity", name(entry.first->severity)},
            {"count", entry.count},
            {"found", std::move(objects)},
            {"remedy", entry.first->remedy}};
}

Json entries_json(const std::vector<preflight::Entry>& entries) {
    Json list = Json::array();
    for (const auto& entry : entries) list.push_back(entry_json(entry));
    return list;
}

Json taken_json(const info::Info* info) {
    if (!info || !info->taken_at) return {};
    const auto& taken = *info->taken_at;
    return {{"time", text::rfc3339(taken.unix_seconds)},
            {"certainty", taken.certainty == info::TakenAt::Certainty::weak ? "weak" : "notBefore"},
            {"evidence", taken.evidence}};
}

Json disk_json(const std::optional<preflight::Disk>& disk) {
    using Cluster = preflight::Disk::Cluster;
    if (!disk) return {};
    Json json{{"path", text::escape(disk->path)}};
    if (!disk->unread.empty()) {
        json["error"] = text::escape_message(disk->unread);
        return json;
    }
    json["revision"] = disk->revision;
    json["revisionAtLeast"] = disk->revision_at_least;
    json["sameCluster"] =
        disk->cluster == Cluster::unknown ? Json() : Json(disk->cluster == Cluster::same);
    json["entriesBeyondDb"] = disk->beyond_db;
    return json;
}

const char* state(verify::HostFile::State state) {
    using State = verify::HostFile::State;
    switch (state) {
        case State::found: return "found";
        case State::absent: return "absent";
        case State::unreadable: return "unreadable";
        case State::not_asked: return "notAsked";
    }
    return "unknown";
}

Json files_json(const std::vector<verify::HostFile>& files) {
    Json list = Json::array();
    for (const auto& file : files) {
        Json json{{"what", name(file.role)},
                  {"path", text::escape(file.path)},
                  {"state", state(file.state)}};
        if (!file.why.empty()) json["error"] = text::escape_message(file.why);
        for (const auto& each : file.certificates) {
            json["certificates"].push_back({{"subject", text::escape(each.subject)},
                                            {"notBefore", text::rfc3339(each.not_before)},
                                            {"notAfter", text::rfc3339(each.not_after)},
                                            {"sha256", hex(each.digest)}});
        }
        for (const auto& key : file.keys) json["keyIds"].push_back(key.id());
        list.push_back(std::move(json));
    }
    return list;
}

Json match(std::uint64_t same, std::uint64_t other) {
    return {{"same", same}, {"other", other}};
}

Json host_json(const preflight::Page& page) {
    if (!page.host) return {};
    const auto& found = page.report->host;
    return {{"root", text::escape(page.host->root.string())},
            {"layout", page.host->layout.empty() ? Json() : Json(page.host->layout)},
            {"clusterCa", match(found.cluster_ca, found.other_cluster_ca)},
            {"clientCa", match(found.client_ca, found.other_client_ca)},
            {"frontProxyCa", match(found.front_proxy_ca, found.other_front_proxy_ca)},
            {"tokens", match(found.tokens, found.other_tokens)}};
}

}  // namespace

std::string preflight_json(const std::string& source, const preflight::Page& page) {
    const auto& report = *page.report;
    Json lost{{"sinceRevision", or_null(report.revision)},
              {"revisionAtLeast", report.revision_at_least},
              {"taken", taken_json(page.info)},
              {"seconds", or_null(page.seconds_lost)},
              {"disk", disk_json(page.disk)},
              {"keysWithLease", page.info ? Json(page.info->keys_with_lease) : Json()}};
    const Json document{
        {"source", text::escape(source)},
        {"boots", page.boots()},
        {"cluster", name(report.cluster)},
        {"clusterId", report.cluster_id ? Json(to_string(*report.cluster_id)) : Json()},
        {"judgedAt", text::rfc3339(page.now)},
        {"errors", entries_json(page.errors)},
        {"lost", std::move(lost)},
        {"firstMinutes", entries_json(page.entries)},
        {"keptAsItWas", page.kept},
        {"files", files_json(page.files)},
        {"host", host_json(page)}};
    return document.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace salvor::report
