#include <yaml-cpp/yaml.h>

#include <nlohmann/json.hpp>
#include <string>

#include "core/cluster/object.hpp"
#include "formats/kube/finalizers.hpp"
#include "formats/text/number.hpp"
#include "formats/text/yaml_plain.hpp"

// Any stored value, of each encoding: opened and printed. What is printed as JSON parses, told by
// way of a tree it is the same, and its YAML, read back by yaml-cpp, says the same.

namespace {

using namespace salvor;
using Json = nlohmann::json;

/// In asan's frames its reader needs more stack than it counts.
constexpr std::size_t deepest_yaml = 200;

void require(bool holds) {
    if (!holds) __builtin_trap();
}

const kube::Schema& schema() {
    static const kube::Schema schema(kube::schema::newest_release);
    return schema;
}

std::size_t depth(const Json& value) {
    std::size_t deepest = 0;
    if (value.is_structured()) {
        for (const auto& part : value) deepest = std::max(deepest, depth(part));
    }
    return deepest + 1;
}

/// A plain scalar that a YAML 1.1 reader would not take for a text.
bool is_plain(const YAML::Node& node) {
    return node.IsScalar() && node.Tag() == "?";
}

bool same(const YAML::Node& node, const Json& value);

bool same_text(const YAML::Node& node, const std::string& text) {
    return node.IsScalar() && node.Scalar() == text &&
           !(is_plain(node) && text::reads_as_other(text));
}

/// Names that differ in bytes that are no UTF-8 are printed alike.
bool same_members(const YAML::Node& node, const Json& object) {
    if (!node.IsMap() || node.size() < object.size()) return false;
    if (node.size() > object.size()) return object.dump().find("\xEF\xBF\xBD") != std::string::npos;
    for (const auto& member : node) {
        const auto found = object.find(member.first.Scalar());
        if (found == object.end() || !same_text(member.first, found.key()) ||
            !same(member.second, *found)) {
            return false;
        }
    }
    return true;
}

bool same(const YAML::Node& node, const Json& value) {
    switch (value.type()) {
        case Json::value_t::null: return node.IsNull();
        case Json::value_t::boolean:
            return is_plain(node) && node.Scalar() == (value.get<bool>() ? "true" : "false");
        case Json::value_t::string: return same_text(node, value.get<std::string>());
        case Json::value_t::object: return same_members(node, value);
        case Json::value_t::array:
            if (!node.IsSequence() || node.size() != value.size()) return false;
            for (std::size_t i = 0; i < value.size(); ++i) {
                if (!same(node[i], value[i])) return false;
            }
            return true;
        default: return is_plain(node) && Json::parse(node.Scalar(), nullptr, false) == value;
    }
}

/// What yaml-cpp reads otherwise: YAML 1.1's line breaks are letters in 1.2, and of \N and \_ it
/// makes a byte that is no UTF-8.
bool is_beyond_reader(const std::string& json) {
    return json.find("\\u2028") != std::string::npos || json.find("\\u2029") != std::string::npos ||
           json.find("\xC2\x85") != std::string::npos || json.find("\xC2\xA0") != std::string::npos;
}

std::string json_of(const cluster::Object& object, const cluster::Object::View& view, bool& told) {
    std::string text;
    kube::JsonSink sink(text);
    told = object.tell(sink, view).has_value();
    return text;
}

void print(const cluster::Object& object, const cluster::Object::View& view) {
    bool told = false;
    const auto json = json_of(object, view, told);
    std::string yaml;
    kube::YamlSink yaml_sink(yaml);
    const auto yaml_told = object.tell(yaml_sink, view);
    kube::Document document;
    const auto tree = object.value_tree(document, view);
    require(told == yaml_told.has_value() && told == tree.has_value());
    if (!told) return require(!tree.error().message.empty());
    std::string by_tree;
    kube::JsonSink tree_sink(by_tree);
    kube::tell(*tree, tree_sink);
    const auto parsed = Json::parse(json, nullptr, false);
    require(!parsed.is_discarded());
    // Fields that no table knows stand by number in the one, by name in the other.
    require(Json::parse(by_tree, nullptr, false) == parsed);
    if (is_beyond_reader(json) || depth(parsed) > deepest_yaml) return;
    yaml_sink.finish();
    require(same(YAML::Load(yaml), parsed));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    etcd::KeyValue row;
    row.mod_revision = 7;
    row.value = Bytes(reinterpret_cast<const char*>(data), size);
    const auto object = cluster::Object::open(schema(), {}, row, nullptr);
    if (!object) {
        require(!object.error().message.empty());
        return 0;
    }
    const auto without = kube::without_finalizers(row.value);
    require(without || !without.error().message.empty());
    print(*object, {true, true});
    print(*object, {false, false});
    return 0;
}
