#include "formats/etcd/meta.hpp"

#include "formats/etcd/json_row.hpp"
#include "formats/text/go_json.hpp"

namespace salvor::etcd {
namespace {

/// A list of ids as a member of an object, behind which more follow; left out where it is empty.
void append_ids(std::string& json, const char* field, const std::vector<MemberId>& ids) {
    if (ids.empty()) return;
    json += fmt::format("\"{}\":[", field);
    for (std::size_t i = 0; i < ids.size(); ++i)
        json += fmt::format("{}{}", i > 0 ? "," : "", number(ids[i]));
    json += "],";
}

}  // namespace

Result<ConfState> parse_conf_state(Bytes json) {
    JsonRow row(json, "raftpb.ConfState");
    ConfState state;
    row.read("voters", state.voters);
    row.read("learners", state.learners);
    row.read("voters_outgoing", state.voters_outgoing);
    row.read("learners_next", state.learners_next);
    row.read("auto_leave", state.auto_leave);
    SALVOR_CHECK(row.done());
    return state;
}

std::string encode_conf_state(const ConfState& state) {
    std::string json = "{";
    append_ids(json, "voters", state.voters);
    append_ids(json, "learners", state.learners);
    append_ids(json, "voters_outgoing", state.voters_outgoing);
    append_ids(json, "learners_next", state.learners_next);
    return json + fmt::format("\"auto_leave\":{}}}", state.auto_leave);
}

Result<Downgrade> parse_downgrade(Bytes json) {
    JsonRow row(json, "version.DowngradeInfo");
    Downgrade downgrade;
    row.read("target-version", downgrade.target_version);
    row.read("enabled", downgrade.enabled);
    SALVOR_CHECK(row.done());
    return downgrade;
}

std::string encode_downgrade(const Downgrade& downgrade) {
    std::string json = "{\"target-version\":";
    text::append_go_string(json, downgrade.target_version);
    return json + fmt::format(",\"enabled\":{}}}", downgrade.enabled);
}

std::optional<std::uint64_t> parse_u64(Bytes value) {
    if (value.size() != sizeof(std::uint64_t)) return {};
    return load_be<std::uint64_t>(value.data());
}

std::string encode_u64(std::uint64_t value) {
    std::string bytes(sizeof value, '\0');
    store_be(bytes.data(), value);
    return bytes;
}

std::optional<Revision> parse_revision(Bytes value) {
    const auto row = parse_row_key(value);
    if (!row || row->tombstone) return {};
    return row->revision;
}

}  // namespace salvor::etcd
