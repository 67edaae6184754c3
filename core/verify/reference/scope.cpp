#include "core/verify/reference/scope.hpp"

#include <algorithm>
#include <functional>

#include "core/verify/object/encryption.hpp"
#include "formats/kube/fields.hpp"
#include "formats/kube/json_check.hpp"
#include "formats/kube/stored.hpp"

namespace salvor::verify {
namespace {

constexpr std::size_t max_known_kinds = 64;

}  // namespace

Result<Scope> Scope::over(const bbolt::Database& db, const cluster::Registry& registry,
                          std::span<const timeline::RowPosition> rows,
                          const Definitions& definitions, const kube::Schema& schema,
                          const Options& options) {
    SALVOR_TRY(auto keys, timeline::KeyTable::over(db));
    Scope scope(std::move(keys));
    for (const auto position : rows) {
        const auto key = etcd::parse_key(timeline::entry_at(db, position).value);
        if (key) scope.keys_.find(*key).put({position, true});
    }
    scope.db_ = &db;
    scope.registry_ = &registry;
    scope.definitions_ = &definitions;
    scope.schema_ = &schema;
    scope.options_ = &options;
    if (options.host) scope.account_keys_ = options.host->account_keys();
    return scope;
}

std::optional<timeline::RowPosition> Scope::find(Bytes key) const {
    const auto note = keys_.look_up(key);
    return note ? std::optional(note->row) : std::nullopt;
}

std::pair<timeline::RowPosition, timeline::RowPosition> Scope::by_age(
    timeline::RowPosition a, timeline::RowPosition b) const {
    const bool is_a_first = timeline::entry_at(*db_, a).key < timeline::entry_at(*db_, b).key;
    return is_a_first ? std::pair(a, b) : std::pair(b, a);
}

void Lookup::stand_on(Bytes key) {
    for (const auto& prefix : scope_->registry().prefixes()) {
        if (!cluster::below_prefix(key, prefix)) continue;
        // What is known was found from another registry.
        if (prefix_ != prefix) std::fill(known_.begin(), known_.end(), Known{});
        prefix_ = prefix;
    }
}

Target Lookup::find(Bytes place, Bytes namespace_name, Bytes name) {
    rest_.assign(place);
    if (!namespace_name.empty()) rest_.append("/").append(namespace_name);
    rest_.append("/").append(name);
    auto& known = known_[std::hash<std::string_view>{}(rest_) % known_count];
    if (known.rest != rest_) {
        known.rest = rest_;
        known.target = search(rest_);
    }
    return known.target;
}

Target Lookup::search(Bytes rest) const {
    std::string key;
    const auto look = [&](Bytes prefix) {
        const auto found = scope_->find(key.assign(prefix).append("/").append(rest));
        return found ? Target{*found, true} : Target{};
    };
    auto target = look(prefix_);
    for (const auto& prefix : scope_->registry().prefixes()) {
        if (!target && prefix != prefix_) target = look(prefix);
    }
    return target;
}

const cluster::ResourceType* Lookup::type_of(Bytes api_version, Bytes kind) {
    for (auto known = kinds_.rbegin(); known != kinds_.rend(); ++known) {
        if (known->kind == kind && known->api_version == api_version) return known->type;
    }
    const auto group = kube::split_api_version(api_version).group;
    const auto* type = scope_->catalog().of_kind(group, kind);
    if (kinds_.size() == max_known_kinds) kinds_.clear();
    kinds_.push_back({std::string(api_version), std::string(kind), type});
    return type;
}

Bytes Lookup::value_of(Target target) {
    const auto object = scope_->definitions().at(target.position);
    return plain_value(object, scope_->encryption(), room_).value_or(Bytes{});
}

std::optional<Bytes> Lookup::uid_of(Target target) {
    const auto value = value_of(target);
    Bytes uid;
    if (kube::encoding_of(value) == kube::Encoding::json) {
        kube::Document document;
        const kube::WantedText wanted[] = {{{"metadata", "uid"}, &uid}};
        if (!kube::check_json(value, wanted, document)) return {};
        uid = uid_.assign(uid);
    } else if (const auto envelope = kube::open_envelope(value)) {
        uid = kube::bytes_at(envelope->raw, {1 /* metadata */, 5 /* uid */});
    }
    return uid.empty() ? std::nullopt : std::optional(uid);
}

Bytes Lookup::message_of(Target target) {
    const auto value = value_of(target);
    if (kube::encoding_of(value) != kube::Encoding::protobuf) return {};
    const auto envelope = kube::open_envelope(value);
    return envelope ? envelope->raw : Bytes{};
}

}  // namespace salvor::verify
