#include <algorithm>

#include "core/verify/object/part.hpp"
#include "core/verify/rules.hpp"
#include "formats/base/checksum.hpp"
#include "formats/text/escape.hpp"

namespace salvor::verify {
namespace {

constexpr Rule object_kind{"object-kind",
                           Layer::object,
                           Severity::warning,
                           "an object's group and kind are those of its key's resource",
                           "somebody wrote past the apiserver, which will not read it as what the "
                           "key says: look at it with "
                           "`salvor get --key`, and delete the key after the restore",
                           Subject::cluster};
constexpr Rule object_key{"object-key",
                          Layer::object,
                          Severity::warning,
                          "an object's namespace and name are those of its key",
                          "somebody wrote past the apiserver, which finds it under the key's name "
                          "and shows the other: look "
                          "at it with `salvor get --key`, and put it right after the restore",
                          Subject::cluster};
constexpr Rule uid_absent{
    "uid-absent",
    Layer::object,
    Severity::warning,
    "an object has a uid",
    "no apiserver wrote it; what names it as an owner is not bound to it: make "
    "the object anew after the restore",
    Subject::cluster};
constexpr Rule uid_twice{
    "uid-twice",
    Layer::object,
    Severity::warning,
    "no two objects have one uid",
    "one is a copy that was written past the apiserver, and the garbage collector mistakes one for "
    "the other: find out which, and make it anew after the restore",
    Subject::cluster};
constexpr std::array table{object_kind, object_key, uid_absent, uid_twice};

std::string named(Bytes namespace_name, Bytes name) {
    return namespace_name.empty()
               ? text::escape(name)
               : fmt::format("{}/{}", text::escape(namespace_name), text::escape(name));
}

std::string named_kind(Bytes group, Bytes kind) {
    return group.empty() ? text::escape(kind)
                         : fmt::format("{}.{}", text::escape(kind), text::escape(group));
}

/// An older object may carry the group that its kind moved away from.
bool is_of_type(const cluster::ResourceType& type, Bytes group, Bytes kind) {
    if (kind != type.kind) return false;
    return group == type.group || (type.row && !type.row->also_group.empty() &&
                                   group == kube::split_api_version(type.row->also_group).group);
}

/// A uuid's 128 bits; of any other text as many of its digest.
std::array<std::uint64_t, 2> bits_of(Bytes uid) {
    constexpr std::size_t uuid_size = 36;
    std::array<std::uint64_t, 2> bits{};
    std::size_t digits = 0;
    for (std::size_t i = 0; uid.size() == uuid_size && i < uuid_size; ++i) {
        const char c = uid[i];
        const bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;
        const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
        if (is_dash ? c != '-' : digit < 0) break;
        if (is_dash) continue;
        auto& half = bits[digits++ / 16];
        half = half << 4 | static_cast<std::uint64_t>(digit);
    }
    if (digits == 32) return bits;
    const auto digest = sha256(uid);
    return {load_be<std::uint64_t>(reinterpret_cast<const char*>(digest.data())),
            load_be<std::uint64_t>(reinterpret_cast<const char*>(digest.data()) + 8)};
}

}  // namespace

RuleRows object_identity_rules() {
    return table;
}

/// What has no resource of the API (masterleases, ranges) has no name and no uid either.
void check_identity(const StoredObject& object, const kube::Identity& identity, Part& part) {
    const auto* type = object.key.type;
    if (type && type->plural.empty()) return;
    if (!identity.uid.empty()) part.uids.push_back({bits_of(identity.uid), object.position});
    if (!type) return;
    const auto group = kube::split_api_version(identity.api_version).group;
    if (!is_of_type(*type, group, identity.kind)) {
        part.sayings.add(
            object_kind, object.place(),
            fmt::format("{} is a {}, not a {}", object.words(), named_kind(group, identity.kind),
                        named_kind(type->group, type->kind)));
        return;
    }
    if (identity.name != object.key.name || identity.namespace_name != object.key.namespace_name) {
        part.sayings.add(
            object_key, object.place(),
            fmt::format("{} says that it is {}", object.words(),
                        identity.name.empty() ? "nameless"
                                              : named(identity.namespace_name, identity.name)));
    }
    if (identity.uid.empty()) {
        part.sayings.add(uid_absent, object.place(), fmt::format("{} has no uid", object.words()));
    }
}

void check_uids(std::vector<UidMark>& uids, const Definitions& definitions, Collector& findings) {
    std::sort(uids.begin(), uids.end());
    for (std::size_t i = 1; i < uids.size(); ++i) {
        if (uids[i].uid != uids[i - 1].uid) continue;
        const auto object = definitions.at(uids[i].position);
        findings.add(uid_twice, object.place(),
                     fmt::format("{} has the uid of {}", object.words(),
                                 definitions.at(uids[i - 1].position).words()));
    }
}

}  // namespace salvor::verify
