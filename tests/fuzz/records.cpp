#include <string>

#include "formats/etcd/alarm.hpp"
#include "formats/etcd/auth.hpp"
#include "formats/etcd/key_value.hpp"
#include "formats/etcd/known_rows.hpp"
#include "formats/etcd/lease.hpp"
#include "formats/etcd/meta.hpp"
#include "formats/etcd/version.hpp"
#include "formats/text/go_json.hpp"
#include "formats/text/go_quote.hpp"

// Every decoder of formats/etcd; the first byte picks one. What decodes must encode to bytes that
// decode to the same, and from there on to the same bytes.

namespace {

using namespace salvor;
using namespace salvor::etcd;

void require(bool holds) {
    if (!holds) __builtin_trap();
}

/// decode(encode(decode(x))) is decode(x), told by the encoded bytes.
template <class Decode, class Encode>
void round_trip(Bytes input, Decode&& decode, Encode&& encode) {
    const auto first = decode(input);
    if (!first) {
        require(!first.error().message.empty());
        return;
    }
    const std::string bytes = encode(*first);
    const auto second = decode(bytes);
    require(second.has_value());
    require(encode(*second) == bytes);
}

bool within(Bytes part, Bytes whole) {
    return part.empty() || (part.data() >= whole.data() &&
                            part.data() + part.size() <= whole.data() + whole.size());
}

void key_value(Bytes input) {
    const auto kv = parse_key_value(input);
    if (kv) require(within(kv->key, input) && within(kv->value, input));
    round_trip(input, parse_key_value, encode_key_value);
    if (!kv) return;
    const auto bytes = encode_key_value(*kv);
    const auto again = parse_key_value(bytes);
    require(again->key == kv->key && again->value == kv->value && again->lease == kv->lease &&
            again->create_revision == kv->create_revision &&
            again->mod_revision == kv->mod_revision && again->version == kv->version);
}

void row_key(Bytes input) {
    const auto row = parse_row_key(input);
    if (!row) return;
    const auto bytes = encode_revision(row->revision);
    require(Bytes(bytes.data(), bytes.size()) == input.substr(0, revision_size));
    require(row->tombstone == (input.size() == tombstone_size));
    require(row->tombstone || parse_revision(input) == row->revision);
}

void lease(Bytes input) {
    round_trip(input, parse_lease, encode_lease);
    require(parse_lease_key(input).has_value() == (input.size() == 8));
}

void user(Bytes input) {
    (void)parse_user(input);
}

void role(Bytes input) {
    const auto role = parse_role(input);
    if (!role) return;
    for (const auto& permission : role->permissions) require(name(permission.type) != nullptr);
}

void alarm(Bytes input) {
    const auto alarm = parse_alarm(input);
    if (alarm) require(name(alarm->type) != nullptr);
}

void member(Bytes input) {
    round_trip(input, parse_member, encode_member);
}

void member_key(Bytes input) {
    const auto id = parse_member_id(input);
    if (id) require(parse_member_id(to_string(*id)) == id);
}

void conf_state(Bytes input) {
    round_trip(input, parse_conf_state, encode_conf_state);
}

void downgrade(Bytes input) {
    round_trip(input, parse_downgrade, encode_downgrade);
}

void number_row(Bytes input) {
    const auto value = parse_u64(input);
    require(value.has_value() == (input.size() == 8));
    if (value) require(encode_u64(*value) == input);
}

void version(Bytes input) {
    const auto version = parse_version(input);
    if (version) require(parse_version(to_string(*version)) == version);
    const auto line = parse_line(input);
    if (line) require(parse_line(to_string(*line)) == line);
}

void known(Bytes input) {
    const auto bucket = input.substr(0, input.find('/'));
    if (is_known_row(bucket, input.substr(std::min(bucket.size() + 1, input.size()))))
        require(is_known_bucket(bucket));
}

void texts(Bytes input) {
    std::string json, quoted, base64;
    text::append_go_string(json, input);
    text::append_go_quoted(quoted, input);
    text::append_base64(base64, input);
    require(base64.size() == (input.size() + 2) / 3 * 4);
    for (const auto& shown : {json, quoted}) {
        require(shown.size() >= input.size() / 4 + 2);
        for (const char c : shown) require(static_cast<unsigned char>(c) >= 0x20);
    }
}

constexpr void (*decoders[])(Bytes) = {key_value,  row_key, lease,      user,       role,
                                       alarm,      member,  member_key, conf_state, downgrade,
                                       number_row, version, known,      texts};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const Bytes input(reinterpret_cast<const char*>(data), size);
    decoders[data[0] % std::size(decoders)](input.substr(1));
    return 0;
}
