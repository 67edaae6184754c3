#include "core/seal/manifest.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

#include "formats/base/checksum.hpp"
#include "formats/text/time.hpp"

namespace salvor::seal {
namespace {

using Json = nlohmann::ordered_json;

/// Higher where a reader of today would misread what it has.
constexpr int version = 1;

Json json(const Bytes256& bytes) {
    return {{"size", bytes.size}, {"sha256", bytes.sha256}};
}

Json json(const std::optional<std::string>& text) {
    return text ? Json(*text) : Json(nullptr);
}

Bytes256 bytes_from(const Json& json) {
    return {json.at("size").get<std::uint64_t>(), json.at("sha256").get<std::string>()};
}

std::optional<std::string> text_from(const Json& json, const char* name) {
    const auto at = json.find(name);
    if (at == json.end() || at->is_null()) return {};
    return at->get<std::string>();
}

Manifest from(const Json& json) {
    Manifest manifest;
    manifest.made_by = json.at("madeBy").get<std::string>();
    manifest.sealed_at = json.at("sealedAt").get<std::string>();
    manifest.snapshot = bytes_from(json.at("snapshot"));
    manifest.zstd = bytes_from(json.at("zstd"));
    manifest.backup = json.at("backup").get<std::string>();
    const auto& revision = json.at("revision");
    if (!revision.is_null()) manifest.revision = revision.get<std::int64_t>();
    manifest.keys = json.at("keys").get<std::uint64_t>();
    manifest.revisions = json.at("revisions").get<std::uint64_t>();
    manifest.leases = json.at("leases").get<std::uint64_t>();
    manifest.objects = json.at("objects").get<std::uint64_t>();
    manifest.taken_at = text_from(json, "takenAt");
    manifest.taken_certainty = text_from(json, "takenCertainty");
    manifest.taken_evidence = text_from(json, "takenEvidence");
    manifest.cluster_id = text_from(json, "clusterId");
    manifest.etcd = text_from(json, "etcd");
    manifest.kubernetes = text_from(json, "kubernetes");
    return manifest;
}

}  // namespace

Manifest manifest_of(const info::Info& info) {
    Manifest manifest;
    if (info.all_rows) manifest.revision = info.revision;
    manifest.keys = info.keys;
    manifest.revisions = info.revisions;
    manifest.leases = info.leases;
    for (const auto& kubernetes : info.kubernetes) {
        manifest.objects += kubernetes.objects;
        if (kubernetes.version && !manifest.kubernetes)
            manifest.kubernetes = kubernetes.version->value;
    }
    if (info.taken_at) {
        const bool known = info.taken_at->certainty == info::TakenAt::Certainty::not_before;
        manifest.taken_at = text::rfc3339(info.taken_at->unix_seconds);
        manifest.taken_certainty = known ? "notBefore" : "weak";
        manifest.taken_evidence = info.taken_at->evidence;
    }
    if (info.cluster_id) manifest.cluster_id = to_string(info.cluster_id->value);
    if (info.written_by) manifest.etcd = info.written_by->value;
    return manifest;
}

std::string to_json(const Manifest& manifest) {
    return Json{{"version", version},
                {"madeBy", manifest.made_by},
                {"sealedAt", manifest.sealed_at},
                {"snapshot", json(manifest.snapshot)},
                {"zstd", json(manifest.zstd)},
                {"backup", manifest.backup},
                {"revision", manifest.revision ? Json(*manifest.revision) : Json(nullptr)},
                {"keys", manifest.keys},
                {"revisions", manifest.revisions},
                {"leases", manifest.leases},
                {"objects", manifest.objects},
                {"takenAt", json(manifest.taken_at)},
                {"takenCertainty", json(manifest.taken_certainty)},
                {"takenEvidence", json(manifest.taken_evidence)},
                {"clusterId", json(manifest.cluster_id)},
                {"etcd", json(manifest.etcd)},
                {"kubernetes", json(manifest.kubernetes)}}
        .dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<Manifest> parse_manifest(Bytes text) {
    const auto json = Json::parse(text, nullptr, false);
    if (!json.is_object()) return fail(ErrorCode::malformed, "the manifest is no JSON object");
    try {
        if (const auto found = json.at("version").get<int>(); found != version) {
            return fail(ErrorCode::unsupported,
                        "the manifest is of version {}, this salvor knows {}: use a later one",
                        found, version);
        }
        return from(json);
    } catch (const Json::exception& error) {
        return fail(ErrorCode::malformed, "the manifest does not parse: {}", error.what());
    }
}

Result<std::optional<Manifest>> checked_manifest(const Snapshot& opened) {
    // Others put frames of their own there, pzstd for one.
    const auto note = std::ranges::find_if(
        opened.notes(), [](const auto& text) { return text.starts_with("{\"version\":"); });
    if (note == opened.notes().end()) return std::optional<Manifest>();
    SALVOR_TRY(auto manifest, parse_manifest(*note));
    const auto bytes = opened.file().bytes();
    const Bytes256 found{bytes.size(), hex(sha256(bytes))};
    if (found == manifest.snapshot) return manifest;
    return fail(ErrorCode::flawed,
                "its manifest is of {} bytes with the SHA-256 {}, in it are {} with {}",
                manifest.snapshot.size, manifest.snapshot.sha256, found.size, found.sha256);
}

}  // namespace salvor::seal
