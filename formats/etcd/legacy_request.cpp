#include "formats/etcd/legacy_request.hpp"

#include "formats/etcd/json_row.hpp"
#include "formats/etcd/message_field.hpp"
#include "formats/text/escape.hpp"

namespace salvor::etcd {
namespace {

constexpr Bytes members_path = "/0/members/";
constexpr Bytes attributes_path = "/attributes";
constexpr Bytes version_path = "/0/version";

struct LegacyRequest {
    Bytes method;
    Bytes path;
    Bytes value;
};

LegacyRequest read(Bytes data) {
    LegacyRequest request;
    for_each_field(data, [&](MessageField field) {
        switch (field.tag()) {
            case 2: request.method = field.bytes(); break;
            case 3: request.path = field.bytes(); break;
            case 4: request.value = field.bytes(); break;
            default: field.skip();
        }
    });
    return request;
}

std::optional<MemberId> member_of(Bytes path) {
    if (!path.starts_with(members_path) || !path.ends_with(attributes_path)) return {};
    path.remove_prefix(members_path.size());
    path.remove_suffix(std::min(path.size(), attributes_path.size()));
    return parse_member_id(path);
}

}  // namespace

Result<RequestBody> parse_legacy_request(Bytes data) {
    LegacyRequest request;
    try {
        request = read(data);
    } catch (const protozero::exception& error) {
        return fail(ErrorCode::malformed, "etcdserverpb.Request of {} bytes does not parse: {}",
                    data.size(), error.what());
    }
    if (request.method == "PUT" && request.path == version_path) {
        return ClusterVersionSetRequest{std::string(request.value)};
    }
    const auto member = member_of(request.path);
    if (request.method != "PUT" || !member) {
        return fail(ErrorCode::unsupported, "a request of the v2 store: {} {}",
                    text::escape(request.method), text::escape(request.path));
    }
    MemberAttributesSetRequest set{*member, {}, {}};
    JsonRow row(request.value, "membership.Attributes");
    row.read("name", set.name);
    row.read("clientURLs", set.client_urls);
    SALVOR_CHECK(row.done());
    return set;
}

}  // namespace salvor::etcd
