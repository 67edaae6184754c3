#include "core/verify/object/encryption.hpp"

#include <algorithm>
#include <array>

#include "core/verify/rules.hpp"
#include "formats/kube/stored.hpp"
#include "formats/text/escape.hpp"
#include "formats/text/human.hpp"

namespace salvor::verify {
namespace {

constexpr Rule value_encrypted{"value-encrypted",
                               Layer::object,
                               Severity::note,
                               "no value is encrypted at rest and left closed",
                               "keep the apiserver's EncryptionConfiguration with the backup, for "
                               "without it nothing reads these "
                               "values; name it with --encryption-config to have them checked",
                               Subject::cluster};
constexpr Rule key_absent{
    "encryption-key-absent",
    Layer::object,
    Severity::warning,
    "with --encryption-config: it has the key of each encrypted value",
    "an apiserver with this configuration cannot read the object, nor list its resource: find the "
    "configuration that was in force and add its key behind the first",
    Subject::cluster};
constexpr Rule decryption_failed{
    "decryption-failed",
    Layer::object,
    Severity::warning,
    "with --encryption-config: the key opens the value",
    "either the configuration has another secret under that name, or the value was changed or "
    "moved "
    "to another key; an apiserver cannot list its resource until it is opened or deleted",
    Subject::cluster};
constexpr std::array table{value_encrypted, key_absent, decryption_failed};

/// No cluster has so many keys; a hostile file may name one in every value.
constexpr std::size_t max_closed_kinds = 1000;
constexpr std::size_t closed_kinds_shown = 5;

std::string closed_by(const kube::at_rest::Mark& mark) {
    return fmt::format("{} {}, {} {}", text::escape(mark.scheme), text::escape(mark.version),
                       mark.scheme == "kms" ? "plugin" : "key", text::escape(mark.name));
}

}  // namespace

RuleRows encryption_rules() {
    return table;
}

std::optional<Bytes> plain_value(const StoredObject& object, const kube::at_rest::Config* config,
                                 std::string& room) {
    if (kube::encoding_of(object.kv.value) != kube::Encoding::encrypted) return object.kv.value;
    if (!config) return {};
    auto opened = config->open(object.resource, object.group, object.kv.key, object.kv.value);
    if (!opened) return {};
    room = std::move(opened->plain);
    return room;
}

void report_closed(const StoredObject& object, const kube::at_rest::Config* config,
                   Sayings& sayings, Closed& closed) {
    const auto mark = kube::at_rest::parse_mark(object.kv.value);
    if (!mark) return;
    if (!config || mark->scheme == "kms") {
        auto by = closed_by(*mark);
        if (closed.size() < max_closed_kinds || closed.contains(by)) ++closed[std::move(by)];
        return;
    }
    const auto opened = config->open(object.resource, object.group, object.kv.key, object.kv.value);
    if (opened) return;
    sayings.add(opened.error().code == ErrorCode::not_found ? key_absent : decryption_failed,
                object.place(),
                fmt::format("{}: {}", object.words(), text::escape(opened.error().message)));
}

void report_wrong_plain(const StoredObject& object, std::string message, Sayings& sayings) {
    sayings.add(decryption_failed, object.place(),
                fmt::format("{}: the key opens it, but to no object: {}", object.words(), message));
}

void report_all_closed(const Closed& closed, const kube::at_rest::Config* config,
                       Collector& findings) {
    if (closed.empty()) return;
    std::uint64_t all = 0;
    std::string kinds;
    std::size_t shown = 0;
    for (const auto& [by, count] : closed) {
        all += count;
        if (shown++ < closed_kinds_shown)
            kinds += fmt::format("{}{} by {}", kinds.empty() ? "" : "; ", count, by);
    }
    if (shown > closed_kinds_shown) kinds += "; ...";
    findings.add(
        value_encrypted, {},
        fmt::format("{} encrypted at rest and not looked into: {}",
                    text::counted(all, "value is", "values are"), kinds),
        config ? "only the KMS plugin opens these: the restored cluster needs it, with the same key"
               : value_encrypted.remedy);
}

}  // namespace salvor::verify
