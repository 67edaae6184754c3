#include <nlohmann/json.hpp>

#include "core/audit/steps.hpp"
#include "core/report/audit.hpp"
#include "formats/text/escape.hpp"

namespace salvor::report {
namespace {

using Json = nlohmann::ordered_json;

Json seal_json(const audit::Seal& seal) {
    if (seal.is_plain()) return {{"provider", "identity"}};
    return {{"provider", text::escape(seal.scheme)},
            {"version", text::escape(seal.version)},
            {"name", text::escape(seal.name)}};
}

Json sealed_json(const audit::Sealed& sealed, bool has_configuration) {
    auto json = seal_json(sealed.seal);
    json["values"] = sealed.values;
    if (!has_configuration) return json;
    json["opened"] = sealed.opened;
    json["keyAbsent"] = sealed.key_absent;
    json["failed"] = sealed.failed;
    json["current"] = sealed.is_current;
    return json;
}

Json resource_json(const audit::ResourceAtRest& resource) {
    const bool has_configuration = resource.writer.has_value();
    Json sealed = Json::array();
    for (const auto& each : resource.sealed) sealed.push_back(sealed_json(each, has_configuration));
    Json json{{"resource", text::escape(resource.resource)},
              {"namespaced", resource.namespaced},
              {"objects", resource.objects},
              {"plain", resource.plain},
              {"encrypted", std::move(sealed)},
              {"olderPlain", resource.older_plain}};
    if (!has_configuration) return json;
    json["writer"] = seal_json(*resource.writer);
    json["readsPlain"] = resource.reads_plain;
    json["stale"] = resource.stale();
    json["unreadable"] = resource.closed();
    return json;
}

Json steps_json(const audit::AtRest& at_rest) {
    Json list = Json::array();
    for (const auto& step : audit::steps(at_rest)) {
        list.push_back({{"reason", step.reason},
                        {"resource", text::escape(step.resource)},
                        {"values", step.values},
                        {"what", step.what},
                        {"command", step.command.empty() ? Json() : Json(step.command)}});
    }
    return list;
}

}  // namespace

std::string audit_json(const std::string& source, const audit::AtRest& at_rest) {
    Json resources = Json::array();
    std::uint64_t closed = 0;
    for (const auto& resource : at_rest.resources) {
        resources.push_back(resource_json(resource));
        closed += resource.closed();
    }
    const Json out{{"source", text::escape(source)},
                   {"prefix", text::escape(at_rest.prefix)},
                   {"revision", at_rest.revision},
                   {"encryptionAtRest",
                    {{"configuration", at_rest.has_configuration},
                     {"allReadable", at_rest.has_configuration ? Json(closed == 0) : Json()},
                     {"resources", std::move(resources)},
                     {"notes", audit::notes(at_rest)},
                     {"toDo", steps_json(at_rest)}}}};
    return out.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace salvor::report
