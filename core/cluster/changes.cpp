#include "core/cluster/changes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/cluster/list_keys.hpp"
#include "core/cluster/member_path.hpp"

namespace salvor::cluster {
namespace {

using kube::Value;

std::string member_path(std::string path, std::string_view name) {
    append_member(path, name);
    return path;
}

class Comparison {
 public:
    explicit Comparison(Changes& found, bool is_custom) : found_(found), is_custom_(is_custom) {}

    void compare(const std::string& path, std::string_view name, const Value& before,
                 const Value& after, const Value* schema) {
        if (before.is_object() && after.is_object()) return members(path, before, after, schema);
        if (before.is_array() && after.is_array()) return lists(path, name, before, after, schema);
        if (!(before == after)) found_.fields.push_back({path, before, after});
    }

 private:
    void members(const std::string& path, const Value& before, const Value& after,
                 const Value* schema) {
        std::map<std::string_view, std::pair<const Value*, const Value*>> sides;
        for (const auto& member : before.members) sides[member.name].first = &member.value;
        for (const auto& member : after.members) sides[member.name].second = &member.value;
        for (const auto& [name, pair] : sides) {
            // Metadata is Kubernetes' own, whatever a schema says of it.
            const bool is_metadata = path.empty() && name == "metadata";
            side(member_path(path, name), name, pair.first, pair.second,
                 is_metadata ? nullptr : schema_below(schema, name));
        }
    }

    void side(const std::string& path, std::string_view name, const Value* before,
              const Value* after, const Value* schema) {
        if (before && after) return compare(path, name, *before, *after, schema);
        found_.fields.push_back({path, before ? std::optional(*before) : std::nullopt,
                                 after ? std::optional(*after) : std::nullopt});
    }

    void lists(const std::string& path, std::string_view name, const Value& before,
               const Value& after, const Value* schema) {
        const auto keys = is_custom_ && !path.starts_with("metadata.") && !schema
                              ? ListKeys{}
                              : list_keys(name, schema, before, after);
        const auto* items = schema ? schema->find("items") : nullptr;
        if (!keys.empty()) return keyed(path, before, after, keys, items);
        const auto size = std::max(before.items.size(), after.items.size());
        for (std::size_t i = 0; i < size; ++i) {
            side(fmt::format("{}[{}]", path, i), {},
                 i < before.items.size() ? &before.items[i] : nullptr,
                 i < after.items.size() ? &after.items[i] : nullptr, items);
        }
    }

    void keyed(const std::string& path, const Value& before, const Value& after,
               const ListKeys& keys, const Value* schema) {
        std::map<std::string, const Value*> old_items;
        for (const auto& item : before.items) old_items.emplace(identity(item, keys), &item);
        std::set<std::string> still;
        const auto changes_before = found_.fields.size();
        for (const auto& item : after.items) {
            const auto id = identity(item, keys);
            const auto old = old_items.find(id);
            still.insert(id);
            side(fmt::format("{}[{}]", path, id), {},
                 old == old_items.end() ? nullptr : old->second, &item, schema);
        }
        for (const auto& item : before.items) {
            const auto id = identity(item, keys);
            if (!still.contains(id))
                side(fmt::format("{}[{}]", path, id), {}, &item, nullptr, schema);
        }
        const auto was = order(before, keys), is = order(after, keys);
        if (found_.fields.size() == changes_before && !(was == is))
            found_.fields.push_back({path + "[order]", was, is});
    }

    Value order(const Value& list, const ListKeys& keys) {
        auto ids = Value::array();
        for (const auto& item : list.items)
            ids.items.push_back(Value::of(found_.texts.emplace_back(identity(item, keys))));
        return ids;
    }

    Changes& found_;
    bool is_custom_;
};

}  // namespace

Changes changes(const Value& before, const Value& after, const Value* schema) {
    Changes found;
    Comparison(found, schema != nullptr).compare({}, {}, before, after, schema);
    return found;
}

}  // namespace salvor::cluster
