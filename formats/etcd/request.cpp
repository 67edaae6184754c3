#include "formats/etcd/request.hpp"

#include "formats/etcd/legacy_request.hpp"
#include "formats/etcd/message_field.hpp"

namespace salvor::etcd {
namespace {

RangeRequest read_range(Bytes bytes) {
    RangeRequest request;
    for_each_field(bytes, [&](MessageField field) {
        switch (field.tag()) {
            case 1: request.range.key = field.bytes(); break;
            case 2: request.range.end = field.bytes(); break;
            case 4: request.revision = field.number(); break;
            default: field.skip();
        }
    });
    return request;
}

PutRequest read_put(Bytes bytes) {
    PutRequest request;
    for_each_field(bytes, [&](MessageField field) {
        switch (field.tag()) {
            case 1: request.key = field.bytes(); break;
            case 2: request.value = field.bytes(); break;
            case 3: request.lease = field.number(); break;
            case 4: request.prev_kv = field.flag(); break;
            case 5: request.ignore_value = field.flag(); break;
            case 6: request.ignore_lease = field.flag(); break;
            default: field.skip();
        }
    });
    return request;
}

DeleteRangeRequest read_delete_range(Bytes bytes) {
    DeleteRangeRequest request;
    for_each_field(bytes, [&](MessageField field) {
        switch (field.tag()) {
            case 1: request.range.key = field.bytes(); break;
            case 2: request.range.end = field.bytes(); break;
            case 3: request.prev_kv = field.flag(); break;
            default: field.skip();
        }
    });
    return request;
}

Compare read_compare(Bytes bytes) {
    using Target = Compare::Target;
    Compare compare;
    const auto number = [&](MessageField field, Target sent) {
        compare.sent = sent;
        compare.number = field.number();
    };
    for_each_field(bytes, [&](MessageField field) {
        switch (field.tag()) {
            case 1: compare.result = static_cast<Compare::Result>(field.number()); break;
            case 2: compare.target = static_cast<Target>(field.number()); break;
            case 3: compare.range.key = field.bytes(); break;
            case 4: number(field, Target::version); break;
            case 5: number(field, Target::create); break;
            case 6: number(field, Target::mod); break;
            case 7:
                compare.sent = Target::value;
                compare.value = field.bytes();
                break;
            case 8: number(field, Target::lease); break;
            case 64: compare.range.end = field.bytes(); break;
            default: field.skip();
        }
    });
    return compare;
}

struct TooDeep {};

TxnRequest read_txn(Bytes bytes, int depth);

RequestOp read_op(Bytes bytes, int depth) {
    RequestOp op;
    for_each_field(bytes, [&](MessageField field) {
        switch (field.tag()) {
            case 1: op = read_range(field.bytes()); break;
            case 2: op = read_put(field.bytes()); break;
            case 3: op = read_delete_range(field.bytes()); break;
            case 4: op = read_txn(field.bytes(), depth + 1); break;
            default: field.skip();
        }
    });
    return op;
}

TxnRequest read_txn(Bytes bytes, int depth) {
    if (depth > max_txn_depth) throw TooDeep{};
    TxnRequest request;
    for_each_field(bytes, [&](MessageField field) {
        switch (field.tag()) {
            case 1: request.compares.push_back(read_compare(field.bytes())); break;
            case 2: request.success.push_back(read_op(field.bytes(), depth)); break;
            case 3: request.failure.push_back(read_op(field.bytes(), depth)); break;
            default: field.skip();
        }
    });
    return request;
}

CompactionRequest read_compaction(Bytes bytes) {
    CompactionRequest request;
    for_each_field(bytes, [&](MessageField field) {
        if (field.tag() == 1) {
            request.revision = field.number();
        } else {
            field.skip();
        }
    });
    return request;
}

LeaseGrantRequest read_lease_grant(Bytes bytes) {
    LeaseGrantRequest request;
    for_each_field(bytes, [&](MessageField field) {
        switch (field.tag()) {
            case 1: request.ttl = field.number(); break;
            case 2: request.id = field.number(); break;
            default: field.skip();
        }
    });
    return request;
}

LeaseRevokeRequest read_lease_revoke(Bytes bytes) {
    LeaseRevokeRequest request;
    for_each_field(bytes, [&](MessageField field) {
        if (field.tag() == 1) {
            request.id = field.number();
        } else {
            field.skip();
        }
    });
    return request;
}

LeaseCheckpointRequest read_lease_checkpoint(Bytes bytes) {
    LeaseCheckpointRequest request;
    for_each_field(bytes, [&](MessageField list) {
        if (list.tag() != 1) return list.skip();
        auto& checkpoint = request.checkpoints.emplace_back();
        for_each_field(list.bytes(), [&](MessageField field) {
            switch (field.tag()) {
                case 1: checkpoint.id = field.number(); break;
                case 2: checkpoint.remaining_ttl = field.number(); break;
                default: field.skip();
            }
        });
    });
    return request;
}

AlarmRequest read_alarm(Bytes bytes) {
    AlarmRequest request;
    for_each_field(bytes, [&](MessageField field) {
        switch (field.tag()) {
            case 1: request.action = static_cast<AlarmRequest::Action>(field.number()); break;
            case 2:
                request.alarm.member = MemberId{static_cast<std::uint64_t>(field.number())};
                break;
            case 3: request.alarm.type = static_cast<AlarmType>(field.number()); break;
            default: field.skip();
        }
    });
    return request;
}

/// The texts of a message whose fields 1, 2 and so on are all texts.
template <class... Texts>
void read_texts(Bytes bytes, Texts&... texts) {
    for_each_field(bytes, [&](MessageField field) {
        std::uint32_t number = 0;
        const bool taken = (... || (++number == field.tag() && (texts = field.text(), true)));
        if (!taken) field.skip();
    });
}

UserAddRequest read_user_add(Bytes bytes) {
    UserAddRequest request;
    for_each_field(bytes, [&](MessageField field) {
        switch (field.tag()) {
            case 1: request.name = field.text(); break;
            case 2: request.password = field.text(); break;
            case 3:
                for_each_field(field.bytes(), [&](MessageField option) {
                    if (option.tag() == 1) {
                        request.no_password = option.flag();
                    } else {
                        option.skip();
                    }
                });
                break;
            case 4: request.hashed_password = field.text(); break;
            default: field.skip();
        }
    });
    return request;
}

Permission read_permission(Bytes bytes) {
    Permission permission;
    for_each_field(bytes, [&](MessageField field) {
        switch (field.tag()) {
            case 1: permission.type = static_cast<PermissionType>(field.number()); break;
            case 2: permission.key = field.text(); break;
            case 3: permission.range_end = field.text(); break;
            default: field.skip();
        }
    });
    return permission;
}

RoleGrantPermissionRequest read_grant_permission(Bytes bytes) {
    RoleGrantPermissionRequest request;
    for_each_field(bytes, [&](MessageField field) {
        switch (field.tag()) {
            case 1: request.role = field.text(); break;
            case 2: request.permission = read_permission(field.bytes()); break;
            default: field.skip();
        }
    });
    return request;
}

MemberAttributesSetRequest read_member_attributes(Bytes bytes) {
    MemberAttributesSetRequest request;
    for_each_field(bytes, [&](MessageField field) {
        switch (field.tag()) {
            case 1: request.member = MemberId{static_cast<std::uint64_t>(field.number())}; break;
            case 2:
                for_each_field(field.bytes(), [&](MessageField attribute) {
                    switch (attribute.tag()) {
                        case 1: request.name = attribute.text(); break;
                        case 2: request.client_urls.push_back(attribute.text()); break;
                        default: attribute.skip();
                    }
                });
                break;
            default: field.skip();
        }
    });
    return request;
}

DowngradeInfoSetRequest read_downgrade(Bytes bytes) {
    DowngradeInfoSetRequest request;
    for_each_field(bytes, [&](MessageField field) {
        switch (field.tag()) {
            case 1: request.enabled = field.flag(); break;
            case 2: request.version = field.text(); break;
            default: field.skip();
        }
    });
    return request;
}

template <class Request, class... Texts>
Request read_as(Bytes bytes, Texts Request::*... members) {
    Request request;
    read_texts(bytes, request.*members...);
    return request;
}

/// The request in a field of InternalRaftRequest; monostate for one that is not known.
RequestBody read_body(std::uint32_t field, Bytes bytes) {
    switch (field) {
        case 3: return read_range(bytes);
        case 4: return read_put(bytes);
        case 5: return read_delete_range(bytes);
        case 6: return read_txn(bytes, 1);
        case 7: return read_compaction(bytes);
        case 8: return read_lease_grant(bytes);
        case 9: return read_lease_revoke(bytes);
        case 10: return read_alarm(bytes);
        case 11: return read_lease_checkpoint(bytes);
        case 1000: return AuthEnableRequest{};
        case 1011: return AuthDisableRequest{};
        case 1012:  // authenticate
        case 1013:  // auth_status
        case 1102:  // auth_user_get
        case 1106:  // auth_user_list
        case 1107:  // auth_role_list
        case 1202:  // auth_role_get
        case 9900:  // downgrade_version_test
            return ReadingRequest{field};
        case 1100: return read_user_add(bytes);
        case 1101: return read_as(bytes, &UserDeleteRequest::name);
        case 1103:
            return read_as(bytes, &UserChangePasswordRequest::name,
                           &UserChangePasswordRequest::password,
                           &UserChangePasswordRequest::hashed_password);
        case 1104: return read_as(bytes, &UserGrantRoleRequest::user, &UserGrantRoleRequest::role);
        case 1105:
            return read_as(bytes, &UserRevokeRoleRequest::user, &UserRevokeRoleRequest::role);
        case 1200: return read_as(bytes, &RoleAddRequest::name);
        case 1201: return read_as(bytes, &RoleDeleteRequest::role);
        case 1203: return read_grant_permission(bytes);
        case 1204:
            return read_as(bytes, &RoleRevokePermissionRequest::role,
                           &RoleRevokePermissionRequest::key,
                           &RoleRevokePermissionRequest::range_end);
        case 1300: return read_as(bytes, &ClusterVersionSetRequest::version);
        case 1301: return read_member_attributes(bytes);
        case 1302: return read_downgrade(bytes);
        default: return {};
    }
}

constexpr std::uint32_t id_field = 1;
constexpr std::uint32_t legacy_field = 2;
constexpr std::uint32_t header_field = 100;

void read_header(Bytes bytes, RaftRequest& request) {
    request.username.emplace();
    for_each_field(bytes, [&](MessageField field) {
        switch (field.tag()) {
            case 2: request.username = field.text(); break;
            case 3: request.auth_revision = static_cast<std::uint64_t>(field.number()); break;
            default: field.skip();
        }
    });
}

/// A request of the v2 store is left in `legacy`.
RaftRequest read_request(Bytes data, std::optional<Bytes>& legacy) {
    RaftRequest request;
    for_each_field(data, [&](MessageField field) {
        const auto number = field.tag();
        if (number == id_field) return void(field.number());
        if (!field.has_length()) return field.skip();
        const auto bytes = field.bytes();
        if (number == legacy_field) {
            legacy = bytes;
        } else if (number == header_field) {
            read_header(bytes, request);
        } else if (auto body = read_body(number, bytes); body.index() != 0) {
            request.body = std::move(body);
        } else if (request.unknown_field == 0) {
            request.unknown_field = number;
        }
    });
    return request;
}

}  // namespace

Result<RaftRequest> parse_raft_request(Bytes data) {
    std::optional<Bytes> legacy;
    std::string why;
    try {
        auto request = read_request(data, legacy);
        if (!legacy) return request;
    } catch (const protozero::exception& error) {
        why = error.what();
    } catch (const TooDeep&) {
        return fail(ErrorCode::too_large, "a transaction with more than {} others around it",
                    max_txn_depth);
    }
    // As etcd: what is no InternalRaftRequest is a request of the v2 store by itself.
    auto body = parse_legacy_request(why.empty() ? *legacy : data);
    if (!body && body.error().code == ErrorCode::malformed && !why.empty()) {
        return fail(ErrorCode::malformed,
                    "etcdserverpb.InternalRaftRequest of {} bytes does not parse: {}", data.size(),
                    why);
    }
    if (!body) return std::unexpected(body.error());
    RaftRequest request;
    request.body = *std::move(body);
    return request;
}

}  // namespace salvor::etcd
