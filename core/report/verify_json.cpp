#include "core/report/verify_json.hpp"

#include <nlohmann/json.hpp>

#include "core/report/place_json.hpp"
#include "formats/text/escape.hpp"

namespace salvor::report {
namespace {

using Json = nlohmann::ordered_json;

/// Dumped bytes that are no UTF-8 would throw; what comes from a source is escaped, and this is for
/// the rest.
std::string dump(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json findings_json(const std::vector<Finding>& findings) {
    Json list = Json::array();
    for (const auto& finding : findings) {
        list.push_back({{"rule", finding.rule},
                        {"about", name(finding.about)},
                        {"severity", name(finding.severity)},
                        {"layer", name(finding.layer)},
                        {"place", place_json(finding.place)},
                        {"message", text::escape_message(finding.message)},
                        {"remedy", finding.remedy}});
    }
    return list;
}

Json layers_json(const std::vector<verify::LayerReport>& layers) {
    Json list = Json::array();
    for (const auto& layer : layers) {
        list.push_back({{"layer", name(layer.layer)},
                        {"checked", layer.checked},
                        {"errors", layer.errors},
                        {"warnings", layer.warnings},
                        {"notes", layer.notes}});
    }
    return list;
}

Json counts_json(const verify::Report& report) {
    const auto counts = verify::counts(report);
    Json json{{"errors", counts.errors}, {"warnings", counts.warnings}, {"notes", counts.notes}};
    if (!report.not_kept.empty()) json["notListed"] = report.not_kept;
    return json;
}

template <class T>
Json or_null(const std::optional<T>& value) {
    return value ? Json(*value) : Json();
}

/// null where there is no database.
Json trailer_json(const verify::Report& report) {
    if (!is_database(report)) return {};
    if (!report.stored_sha256) return "absent";
    return report.stored_sha256 == report.sha256 ? "right" : "wrong";
}

Json document(const verify::Report& report) {
    return {{"backup", name(report.backup)},
            {"cluster", name(report.cluster)},
            {"objects", report.objects},
            {"revision", or_null(report.revision)},
            {"revisionAtLeast", report.revision_at_least},
            {"clusterId", report.cluster_id ? Json(to_string(*report.cluster_id)) : Json()},
            {"sha256", or_null(report.sha256)},
            {"trailer", trailer_json(report)},
            {"storedSha256", or_null(report.stored_sha256)},
            {"layers", layers_json(report.layers)},
            {"findings", findings_json(report.findings)},
            {"counts", counts_json(report)}};
}

Json source_json(const verify::Verified& source) {
    Json json{{"source", text::escape(source.source)}};
    if (source.lineage > 0) json["lineage"] = source.lineage;
    if (source.report) json.update(document(*source.report));
    if (source.error) {
        json["error"] = {{"reason", reason(source.error->code)},
                         {"message", text::escape_message(source.error->message)}};
    }
    return json;
}

}  // namespace

std::string verify_json(const verify::Report& report) {
    return dump(document(report));
}

std::string verify_json(const std::vector<verify::Verified>& sources) {
    Json list = Json::array();
    for (const auto& source : sources) list.push_back(source_json(source));
    const auto* newest = verify::newest_good(sources);
    return dump({{"sources", std::move(list)},
                 {"newestGood", newest ? Json(text::escape(newest->source)) : Json()}});
}

std::string rules_json(const std::vector<verify::Rule>& rules) {
    Json list = Json::array();
    for (const auto& rule : rules) {
        list.push_back({{"rule", rule.id},
                        {"layer", name(rule.layer)},
                        {"about", name(rule.about)},
                        {"severity", name(rule.severity)},
                        {"what", rule.what},
                        {"remedy", rule.remedy}});
    }
    return dump({{"rules", std::move(list)}});
}

}  // namespace salvor::report
