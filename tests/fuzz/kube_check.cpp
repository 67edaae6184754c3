#include <nlohmann/json.hpp>
#include <protozero/pbf_reader.hpp>

#include <set>

#include "core/cluster/object.hpp"
#include "formats/kube/check.hpp"
#include "formats/kube/json.hpp"
#include "formats/kube/json_check.hpp"
#include "formats/text/utf8.hpp"

// Any stored value, of each encoding: what passes over it without building anything says that it
// is flawed exactly when decoding it does, and names the same object.

namespace {

using namespace salvor;

constexpr Bytes magic("k8s\0", 4);

void require(bool holds) {
    if (!holds) __builtin_trap();
}

const kube::Schema& schema() {
    static const kube::Schema schema(kube::schema::newest_release);
    return schema;
}

void check_text(Bytes text) {
    kube::Document document;
    const auto built = kube::parse_json(text, document);
    const auto checked = kube::check_json(text);
    require(built.has_value() == checked.has_value());
    if (!checked) require(built.error().code == checked.error().code);
}

/// The object's decoded value; not where it does not decode whole, or does not say what it is, with
/// which it is shown all the same.
std::optional<kube::Value> decoded(Bytes value, kube::Document& document) {
    etcd::KeyValue row;
    row.value = value;
    const auto object = cluster::Object::open(schema(), {}, row, nullptr);
    if (!object) return {};
    auto tree = object->value_tree(document, {true, false});
    if (!tree || tree->text("kind").empty() || tree->text("apiVersion").empty()) return {};
    return std::move(*tree);
}

/// Whether a field may stand in several parts, as no encoder writes it: a tag with a length comes
/// twice in one message. Lists look the same.
bool may_be_in_parts(Bytes message, int depth = 0) {
    constexpr int deepest = 64;
    std::set<protozero::pbf_tag_type> met;
    try {
        protozero::pbf_reader reader(message.data(), message.size());
        while (reader.next()) {
            if (reader.wire_type() != protozero::pbf_wire_type::length_delimited) {
                reader.skip();
                continue;
            }
            if (!met.insert(reader.tag()).second) return true;
            const auto part = reader.get_view();
            if (depth < deepest && may_be_in_parts({part.data(), part.size()}, depth + 1))
                return true;
        }
    } catch (const protozero::exception&) {
        return false;
    }
    return false;
}

/// Texts of JSON that are no UTF-8 are views into it, and U+FFFD in what is decoded.
void check_identity(const kube::Identity& identity, const kube::Value& value) {
    require(identity.kind == value.text("kind"));
    require(identity.api_version == value.text("apiVersion"));
    const auto* metadata = value.find("metadata");
    if (!metadata) return;
    require(identity.name == metadata->text("name"));
    require(identity.namespace_name == metadata->text("namespace"));
    require(identity.uid == metadata->text("uid"));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Bytes value(reinterpret_cast<const char*>(data), size);
    check_text(value);
    // Kept from input to input, as it is from value to value.
    static kube::Checker checker(schema());
    const auto checked = checker.check(value);
    kube::Document document;
    const auto tree = decoded(value, document);
    // Of a time or of raw JSON in parts each is judged here, and what they come to there.
    const bool judged_by_part =
        !checked && tree && value.starts_with(magic) && may_be_in_parts(value.substr(magic.size()));
    require(checked.has_value() == tree.has_value() || judged_by_part);
    if (checked && text::is_utf8(value)) check_identity(checked->identity, *tree);
    if (!checked) require(!checked.error().message.empty());
    return 0;
}
