#include <nlohmann/json.hpp>

#include "core/report/info.hpp"
#include "formats/text/escape.hpp"
#include "formats/text/time.hpp"

namespace salvor::report {
namespace {

using Json = nlohmann::ordered_json;
using namespace info;

template <class T>
Json or_null(const std::optional<T>& value) {
    return value ? Json(*value) : Json(nullptr);
}
Json text_or_null(const std::optional<std::string>& value) {
    return value ? Json(text::escape(*value)) : Json(nullptr);
}

Json texts(const std::vector<std::string>& values) {
    auto array = Json::array();
    for (const auto& value : values) array.push_back(text::escape(value));
    return array;
}

const char* name(SourceKind kind) {
    switch (kind) {
        case SourceKind::snapshot: return "snapshot";
        case SourceKind::database: return "database";
        case SourceKind::data_directory: return "dataDirectory";
    }
    return "unknown";
}

const char* name(TrailerState state) {
    switch (state) {
        case TrailerState::absent: return "absent";
        case TrailerState::right: return "right";
        case TrailerState::wrong: return "wrong";
    }
    return "unknown";
}

/// Of the archives that it was taken out of, which entry each time.
Json entries(const Info& info) {
    auto array = Json::array();
    for (const auto& layer : info.layers) {
        if (!layer.entry.empty()) array.push_back(text::escape(layer.entry));
    }
    return array;
}

Json lock_holder(const std::optional<LockHolder>& holder) {
    if (!holder) return nullptr;
    return {{"pid", holder->pid}, {"program", text::escape(holder->name)}};
}

Json taken_at(const std::optional<TakenAt>& taken) {
    if (!taken) return nullptr;
    const bool weak = taken->certainty == TakenAt::Certainty::weak;
    return {{"time", text::rfc3339(taken->unix_seconds)},
            {"certainty", weak ? "weak" : "notBefore"},
            {"evidence", taken->evidence}};
}

Json written_by(const Info& info) {
    if (!info.written_by) return nullptr;
    return {{"version", info.written_by->value}, {"evidence", info.written_by->evidence}};
}

Json members(const std::vector<etcd::Member>& members) {
    auto array = Json::array();
    for (const auto& member : members) {
        array.push_back({{"id", to_string(member.id)},
                         {"name", text::escape(member.name)},
                         {"peerUrls", texts(member.peer_urls)},
                         {"clientUrls", texts(member.client_urls)},
                         {"isLearner", member.is_learner}});
    }
    return array;
}

Json ids(const std::vector<etcd::MemberId>& members) {
    auto array = Json::array();
    for (const auto id : members) array.push_back(to_string(id));
    return array;
}

Json conf_state(const std::optional<etcd::ConfState>& state) {
    if (!state) return nullptr;
    return {{"voters", ids(state->voters)}, {"learners", ids(state->learners)}};
}

Json alarms(const std::vector<etcd::Alarm>& alarms) {
    auto array = Json::array();
    for (const auto& alarm : alarms)
        array.push_back({{"member", to_string(alarm.member)}, {"alarm", etcd::name(alarm.type)}});
    return array;
}

Json known(const std::optional<Known<std::string>>& known, const char* name) {
    if (!known) return nullptr;
    return {{name, known->value}, {"evidence", known->evidence}};
}

Json resources(const Kubernetes& cluster) {
    auto all = Json::object();
    for (const auto& [resource, count] : cluster.resources)
        all[text::escape(resource)] = {{"objects", count.objects}, {"bytes", count.bytes}};
    return all;
}

Json last_renewal(const Kubernetes& cluster) {
    if (!cluster.last_renewal) return nullptr;
    return {{"lease", text::escape(cluster.last_renewed)},
            {"time", text::rfc3339(*cluster.last_renewal)},
            {"leases", cluster.renewals}};
}

Json kubernetes(const std::vector<Kubernetes>& clusters) {
    auto array = Json::array();
    for (const auto& cluster : clusters) {
        auto kubelets = Json::object();
        for (const auto& [version, nodes] : cluster.kubelets)
            kubelets[text::escape(version)] = nodes;
        array.push_back({{"prefix", text::escape(cluster.prefix)},
                         {"version", known(cluster.version, "release")},
                         {"kubelets", std::move(kubelets)},
                         {"distribution", known(cluster.distribution, "name")},
                         {"kubeSystemUid", text_or_null(cluster.kube_system_uid)},
                         {"lastRenewal", last_renewal(cluster)},
                         {"objects", cluster.objects},
                         {"bytes", cluster.bytes},
                         {"encryptedObjects", cluster.encrypted},
                         {"namespaceCount", cluster.namespace_count},
                         {"namespaces", texts(cluster.namespaces)},
                         {"resources", resources(cluster)}});
    }
    return array;
}

Json wal(const Info& info) {
    if (!info.wal) return nullptr;
    return {{"segments", info.wal->segments},         {"firstIndex", info.wal->first_index},
            {"lastIndex", info.wal->last_index},      {"commit", info.wal->commit},
            {"entriesBeyondDb", info.wal->beyond_db}, {"tornTail", info.wal->torn_tail}};
}

Json database(const Info& info) {
    const auto& space = info.space;
    return {{"pageSize", info.page_size},
            {"pages", info.pages},
            {"transaction", info.transaction},
            {"freelistStored", info.stores_freelist},
            {"otherMetaFlaw", text_or_null(info.meta_flaw)},
            {"bytesUsed", space.used},
            {"bytesFree", space.free},
            {"bytesFragmented", space.fragmented},
            {"bytesOther", space.other},
            {"bytesExact", space.exact}};
}

Json auth(const Auth& auth) {
    return {{"enabled", auth.enabled.value_or(false)},
            {"revision", or_null(auth.revision)},
            {"users", texts(auth.users)},
            {"roles", texts(auth.roles)}};
}

/// Which fields tell what could be read and no more, by the bucket they are read from.
Json partial(const Info& info) {
    namespace buckets = etcd::buckets;
    static constexpr std::pair<const char*, Bytes> sources[] = {
        {"clusterVersion", buckets::cluster},
        {"downgradeTo", buckets::cluster},
        {"members", buckets::members},
        {"removedMembers", buckets::members_removed},
        {"storageVersion", buckets::meta},
        {"confState", buckets::meta},
        {"consistentIndex", buckets::meta},
        {"term", buckets::meta},
        {"compactedRevision", buckets::meta},
        {"scheduledCompaction", buckets::meta},
        {"finishedCompaction", buckets::meta},
        {"keys", buckets::key},
        {"leases", buckets::lease},
        {"keysWithLease", buckets::key},
        {"alarms", buckets::alarm},
        {"kubernetes", buckets::key},
    };
    auto fields = Json::array();
    for (const auto& [field, bucket] : sources) {
        if (!info.is_whole(bucket)) fields.push_back(field);
    }
    if (!info.all_rows) {
        for (const auto* field : {"revision", "revisionsKept", "tombstones"})
            fields.push_back(field);
    }
    if (!info.is_whole(buckets::auth) || !info.is_whole(buckets::auth_users) ||
        !info.is_whole(buckets::auth_roles))
        fields.push_back("auth");
    return fields;
}

void add_envelope(Json& out, const Info& info) {
    out["source"] = text::escape(info.source);
    out["kind"] = name(info.kind);
    out["layers"] = layer_names(info.layers, info.kind == SourceKind::data_directory,
                                info.trailer != TrailerState::absent);
    out["entries"] = entries(info);
    out["size"] = info.space.file;
    out["sha256"] = info.sha256;
    out["trailer"] = name(info.trailer);
    out["storedSha256"] = or_null(info.stored_sha256);
    out["modified"] = text::rfc3339(info.modified);
    out["lockedBy"] = lock_holder(info.lock_holder);
    out["takenAt"] = taken_at(info.taken_at);
}

void add_cluster(Json& out, const Info& info) {
    out["writtenBy"] = written_by(info);
    out["storageVersion"] = text_or_null(info.storage_version);
    out["clusterVersion"] = text_or_null(info.cluster_version);
    out["downgradeTo"] = info.downgrade && info.downgrade->enabled
                             ? Json(text::escape(info.downgrade->target_version))
                             : Json(nullptr);
    out["clusterId"] = info.cluster_id ? Json(to_string(info.cluster_id->value)) : Json(nullptr);
    out["clusterIdEvidence"] = info.cluster_id ? Json(info.cluster_id->evidence) : Json(nullptr);
    out["members"] = members(info.members);
    out["removedMembers"] = ids(info.removed_members);
    out["confState"] = conf_state(info.conf_state);
    out["consistentIndex"] = or_null(info.consistent_index);
    out["term"] = or_null(info.term);
}

void add_store(Json& out, const Info& info) {
    out["revision"] = info.tells_revision() ? Json(info.revision) : Json(nullptr);
    out["revisionAtLeast"] = !info.all_rows;
    out["compactedRevision"] = or_null(info.compacted_revision);
    out["scheduledCompaction"] = or_null(info.scheduled_compaction);
    out["finishedCompaction"] = or_null(info.finished_compaction);
    out["keys"] = info.keys;
    out["revisionsKept"] = info.revisions;
    out["tombstones"] = info.tombstones;
    out["leases"] = info.leases;
    out["keysWithLease"] = info.keys_with_lease;
    out["auth"] = auth(info.auth);
    out["alarms"] = alarms(info.alarms);
    out["kubernetes"] = kubernetes(info.kubernetes);
}

}  // namespace

std::vector<std::string> layer_names(const std::vector<envelope::Layer>& layers,
                                     bool is_data_directory, bool has_trailer) {
    std::vector<std::string> names;
    for (const auto& layer : layers) names.emplace_back(name(layer.form));
    if (is_data_directory) names.emplace_back("dataDirectory");
    if (has_trailer) names.emplace_back("sha256Trailer");
    names.emplace_back("bbolt");
    return names;
}

std::string info_json(const Info& info) {
    Json out;
    add_envelope(out, info);
    add_cluster(out, info);
    add_store(out, info);
    out["database"] = database(info);
    out["wal"] = wal(info);
    out["snapFiles"] = texts(info.snap_files);
    out["foreignRows"] = info.foreign_rows;
    out["unread"] = {{"count", info.unread.count},
                     {"buckets", info.unread_buckets},
                     {"first", texts(info.unread.first)}};
    out["partial"] = partial(info);
    out["doubtful"] = {{"count", info.doubtful.count}, {"first", texts(info.doubtful.first)}};
    return out.dump() + "\n";
}

}  // namespace salvor::report
