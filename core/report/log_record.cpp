#include "core/report/log_record.hpp"

#include "core/report/log_request.hpp"
#include "formats/etcd/conf_change.hpp"
#include "formats/text/escape.hpp"

namespace salvor::report {
namespace {

using Json = nlohmann::ordered_json;

const char* name(wal::RecordType type) {
    switch (type) {
        case wal::RecordType::metadata: return "metadata";
        case wal::RecordType::entry: return "entry";
        case wal::RecordType::state: return "state";
        case wal::RecordType::crc: return "crc";
        case wal::RecordType::snapshot: return "snapshot";
    }
    return "unknown";
}

const char* name(const etcd::ConfChange& change) {
    switch (change.type) {
        case etcd::ConfChange::Type::add: return change.is_promote ? "promote" : "add";
        case etcd::ConfChange::Type::remove: return "remove";
        case etcd::ConfChange::Type::update: return "update";
        case etcd::ConfChange::Type::add_learner: return "add learner";
    }
    return "unknown";
}

/// Fills in one record.
class Describing {
 public:
    Describing(LogRecord& told, Json& json) : told_(told), json_(json) {}

    Result<void> entry(Bytes data) {
        SALVOR_TRY(const auto entry, wal::parse_entry(data));
        told_.index = json_["index"] = entry.index;
        told_.term = json_["term"] = entry.term;
        if (entry.type == wal::Entry::Type::normal) return request(entry.data);
        told_.kind = json_["kind"] = "member";
        SALVOR_TRY(const auto change, etcd::parse_conf_change(entry.data));
        told_.line = fmt::format("{} {}", name(change), to_string(change.member));
        json_["change"] = name(change);
        json_["member"] = to_string(change.member);
        for (const auto& url : change.context.peer_urls) {
            told_.line += " " + text::escape(url);
            json_["peerURLs"].push_back(text::escape(url));
        }
        return {};
    }
    Result<void> request(Bytes data) {
        told_.kind = json_["kind"] = "nothing";
        if (data.empty()) return {};
        told_.kind = json_["kind"] = "unknown";
        SALVOR_TRY(const auto request, etcd::parse_raft_request(data));
        auto said = describe(request);
        told_.kind = json_["kind"] = said.kind;
        told_.line = std::move(said.line);
        json_.update(said.json);
        return {};
    }
    Result<void> state(Bytes data) {
        SALVOR_TRY(const auto state, wal::parse_hard_state(data));
        told_.term = json_["term"] = state.term;
        json_["commit"] = state.commit;
        json_["vote"] = to_string(etcd::MemberId{state.vote});
        told_.line =
            fmt::format("commit {}, vote {}", state.commit, to_string(etcd::MemberId{state.vote}));
        return {};
    }
    Result<void> snapshot(Bytes data) {
        SALVOR_TRY(const auto snapshot, wal::parse_snapshot(data));
        told_.index = json_["index"] = snapshot.index;
        told_.term = json_["term"] = snapshot.term;
        return {};
    }
    Result<void> metadata(Bytes data) {
        SALVOR_TRY(const auto metadata, wal::parse_metadata(data));
        json_["member"] = to_string(metadata.node);
        json_["cluster"] = to_string(metadata.cluster);
        told_.line = fmt::format("member {} of cluster {}", to_string(metadata.node),
                                 to_string(metadata.cluster));
        return {};
    }
    Result<void> take(const wal::Record& record) {
        switch (record.type) {
            case wal::RecordType::metadata: return metadata(record.data);
            case wal::RecordType::entry: return entry(record.data);
            case wal::RecordType::state: return state(record.data);
            case wal::RecordType::snapshot: return snapshot(record.data);
            case wal::RecordType::crc: break;
        }
        json_["crc"] = record.crc;
        told_.line = fmt::format("{:08x}", record.crc);
        return {};
    }

 private:
    LogRecord& told_;
    Json& json_;
};

}  // namespace

LogRecord describe(const wal::Log& log, const wal::PlacedRecord& placed) {
    LogRecord told;
    told.type = name(placed.record.type);
    Json json{{"segment", text::escape(log.segments[placed.segment].path.filename().string())},
              {"offset", placed.offset},
              {"type", told.type}};
    const auto taken = Describing(told, json).take(placed.record);
    if (!taken) {
        told.line = text::escape(taken.error().message);
        json["problem"] = told.line;
    }
    told.json = json.dump(-1, ' ', false, Json::error_handler_t::replace);
    return told;
}

}  // namespace salvor::report
