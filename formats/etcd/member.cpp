#include "formats/etcd/member.hpp"

#include <algorithm>
#include <charconv>

#include "formats/base/checksum.hpp"
#include "formats/etcd/json_row.hpp"
#include "formats/text/go_json.hpp"

namespace salvor::etcd {
namespace {

void append_list(std::string& out, const std::vector<std::string>& texts) {
    out += '[';
    for (std::size_t i = 0; i < texts.size(); ++i) {
        if (i > 0) out += ',';
        text::append_go_string(out, texts[i]);
    }
    out += ']';
}

std::uint64_t first_eight(const Sha1Digest& digest) {
    return load_be<std::uint64_t>(reinterpret_cast<const char*>(digest.data()));
}

}  // namespace

std::string to_string(MemberId id) {
    return fmt::format("{:x}", number(id));
}
std::string to_string(ClusterId id) {
    return fmt::format("{:x}", number(id));
}

std::optional<MemberId> parse_member_id(Bytes text) {
    std::uint64_t id = 0;
    const char* end = text.data() + text.size();
    const auto [next, error] = std::from_chars(text.data(), end, id, 16);
    if (error != std::errc{} || next != end) return {};
    return MemberId{id};
}

Result<Member> parse_member(Bytes json) {
    JsonRow row(json, "membership.Member");
    Member member;
    row.read("id", member.id);
    row.read("peerURLs", member.peer_urls);
    row.read("isLearner", member.is_learner);
    row.read("name", member.name);
    row.read("clientURLs", member.client_urls);
    SALVOR_CHECK(row.done());
    return member;
}

std::string encode_member(const Member& member) {
    std::string json = fmt::format("{{\"id\":{},\"peerURLs\":", number(member.id));
    if (member.peer_urls.empty())
        json += "null";
    else
        append_list(json, member.peer_urls);
    if (member.is_learner) json += ",\"isLearner\":true";
    if (!member.name.empty()) {
        json += ",\"name\":";
        text::append_go_string(json, member.name);
    }
    if (!member.client_urls.empty()) {
        json += ",\"clientURLs\":";
        append_list(json, member.client_urls);
    }
    return json + '}';
}

MemberId member_id(std::vector<std::string> peer_urls, Bytes token) {
    std::sort(peer_urls.begin(), peer_urls.end());
    std::string text;
    for (const auto& url : peer_urls) text += url;
    text += token;
    return MemberId{first_eight(sha1(text))};
}

ClusterId cluster_id(std::vector<MemberId> members) {
    std::sort(members.begin(), members.end());
    std::string bytes(members.size() * sizeof(std::uint64_t), '\0');
    for (std::size_t i = 0; i < members.size(); ++i) {
        store_be(bytes.data() + i * sizeof(std::uint64_t), number(members[i]));
    }
    return ClusterId{first_eight(sha1(bytes))};
}

}  // namespace salvor::etcd
