#include "core/cluster/list_keys.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "formats/kube/sinks.hpp"

namespace salvor::cluster {
namespace {

using kube::Value;

struct Known {
    std::string_view list;
    std::array<std::string_view, 3> keys;
};
/// patchMergeKey and listMapKey of the Go types; where lists of one name differ, one row each, and
/// the first whose members the items have is taken.
/// Source: kubernetes api */types.go, apimachinery pkg/apis/meta/v1/types.go
constexpr std::array known{
    Known{"containers", {"name"}},
    Known{"initContainers", {"name"}},
    Known{"ephemeralContainers", {"name"}},
    Known{"env", {"name"}},
    Known{"volumes", {"name"}},
    Known{"volumeMounts", {"mountPath"}},
    Known{"volumeDevices", {"devicePath"}},
    Known{"ports", {"containerPort", "protocol"}},
    Known{"ports", {"port", "protocol"}},
    Known{"imagePullSecrets", {"name"}},
    Known{"secrets", {"name"}},
    Known{"hostAliases", {"ip"}},
    Known{"resourceClaims", {"name"}},
    Known{"resourceClaimStatuses", {"name"}},
    Known{"claims", {"name"}},
    Known{"schedulingGates", {"name"}},
    Known{"topologySpreadConstraints", {"topologyKey", "whenUnsatisfiable"}},
    Known{"taints", {"key", "effect"}},
    Known{"conditions", {"type"}},
    Known{"addresses", {"type", "address"}},
    Known{"podIPs", {"ip"}},
    Known{"hostIPs", {"ip"}},
    Known{"ownerReferences", {"uid"}},
    Known{"webhooks", {"name"}},
    Known{"matchConditions", {"name"}},
    Known{"variables", {"name"}},
    Known{"drivers", {"name"}},
    Known{"requests", {"name"}},
    Known{"versions", {"name"}},
    Known{"managedFields", {"manager", "operation", "subresource"}},
    Known{"finalizers", {itself}},
};

const Value* key_value(const Value& item, std::string_view key) {
    return key.empty() ? &item : item.find(key);
}

/// Every item has the first key, and no two are alike.
bool tells_apart(const Value& list, const ListKeys& keys) {
    std::set<std::string> seen;
    return std::all_of(list.items.begin(), list.items.end(), [&](const Value& item) {
        const auto* first = key_value(item, keys.front());
        const bool is_scalar = first && !first->is_object() && !first->is_array();
        return is_scalar && seen.insert(identity(item, keys)).second;
    });
}

ListKeys keys_of_schema(const Value& schema) {
    ListKeys keys;
    const auto type = schema.text("x-kubernetes-list-type");
    if (type == "set") keys.push_back(itself);
    const auto* names = schema.find("x-kubernetes-list-map-keys");
    if (type != "map" || !names) return keys;
    for (const auto& name : names->items) {
        if (name.is_string() && !name.string.empty()) keys.push_back(name.string);
    }
    return keys;
}

std::string scalar(const Value& value) {
    constexpr std::string_view special = " ,=[]\"\\";
    const bool is_bare = value.is_string() && !value.string.empty() &&
                         std::all_of(value.string.begin(), value.string.end(), [&](char c) {
                             return c > ' ' && c < '\x7F' && special.find(c) == special.npos;
                         });
    if (is_bare) return std::string(value.string);
    std::string text;
    kube::JsonSink sink(text);
    kube::tell(value, sink);
    return text;
}

}  // namespace

ListKeys list_keys(std::string_view name, const Value* schema, const Value& before,
                   const Value& after) {
    const auto fits = [&](const ListKeys& keys) {
        return !keys.empty() && tells_apart(before, keys) && tells_apart(after, keys);
    };
    if (schema) {
        auto keys = keys_of_schema(*schema);
        return fits(keys) ? keys : ListKeys{};
    }
    for (const auto& row : known) {
        if (row.list != name) continue;
        ListKeys keys{row.keys.front()};
        for (const auto key : std::span(row.keys).subspan(1)) {
            if (!key.empty()) keys.push_back(key);
        }
        if (fits(keys)) return keys;
    }
    return {};
}

std::string identity(const Value& item, const ListKeys& keys) {
    std::string text;
    for (const auto key : keys) {
        const auto* value = key_value(item, key);
        if (!value) continue;
        if (!text.empty()) text += ',';
        if (!key.empty()) text.append(key).append("=");
        text += scalar(*value);
    }
    return text;
}

const kube::Value* schema_below(const kube::Value* schema, std::string_view name) {
    if (!schema) return nullptr;
    const auto* properties = schema->find("properties");
    if (const auto* own = properties ? properties->find(name) : nullptr) return own;
    const auto* others = schema->find("additionalProperties");
    return others && others->is_object() ? others : nullptr;
}

}  // namespace salvor::cluster
