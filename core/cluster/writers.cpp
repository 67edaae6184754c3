#include "core/cluster/writers.hpp"

#include <algorithm>

#include "formats/kube/json.hpp"

namespace salvor::cluster {
namespace {

using kube::Value;

Writer writer_of(const Value& entry) {
    return {std::string(entry.text("manager")), std::string(entry.text("operation")),
            std::string(entry.text("subresource")), std::string(entry.text("time"))};
}

bool is_same(const Value* a, const Value* b) {
    return a && b ? *a == *b : a == b;
}

bool has_keys(const Value& item, const Value& keys) {
    return std::all_of(keys.members.begin(), keys.members.end(), [&](const Value::Member& key) {
        const auto* found = item.find(key.name);
        return found && *found == key.value;
    });
}

/// A step of fieldsV1: `f:NAME` a member, `k:{...}` the item of a list that has these members,
/// `v:VALUE` that of a set. Source: kubernetes structured-merge-diff fieldpath/serialize-pe.go
class Step {
 public:
    explicit Step(std::string_view text) : text_(text) {
        if (text.starts_with("f:") || text.size() < 2) return;
        if (auto parsed = kube::parse_json(text.substr(2), document_)) key_ = std::move(*parsed);
    }
    const Value* from(const Value* value) const {
        if (!value || text_.size() < 2) return nullptr;
        if (text_.starts_with("f:")) return value->find(text_.substr(2));
        const bool by_keys = text_.starts_with("k:");
        const auto found = std::find_if(
            value->items.begin(), value->items.end(),
            [&](const Value& item) { return by_keys ? has_keys(item, key_) : item == key_; });
        return found == value->items.end() ? nullptr : &*found;
    }

 private:
    std::string_view text_;
    kube::Document document_;
    Value key_;
};

bool is_container(const Value* value) {
    return value && (value->is_object() || value->is_array());
}

/// Of an owned map or list that another manager has members in it cannot be told whose the change
/// is.
enum class Containers { count, leave_out };

bool owns_a_change(const Value& fields, const Value* before, const Value* after,
                   Containers containers, std::size_t depth) {
    if (is_same(before, after) || depth > kube::max_value_depth) return false;
    if (fields.members.empty())
        return containers == Containers::count || !is_container(before) || !is_container(after);
    return std::any_of(fields.members.begin(), fields.members.end(), [&](const auto& member) {
        if (member.name == ".") return false;
        const Step step(member.name);
        return owns_a_change(member.value, step.from(before), step.from(after), containers,
                             depth + 1);
    });
}

std::vector<Writer> owners(const Managed& before, const Managed& after, Containers containers) {
    std::vector<Writer> found;
    for (const auto& entry : after.fields->items) {
        const auto* owned = entry.find("fieldsV1");
        if (owned && !owned->members.empty() &&
            owns_a_change(*owned, &before.object, &after.object, containers, 0))
            found.push_back(writer_of(entry));
    }
    return found;
}

}  // namespace

std::vector<Writer> writers_in(const Value* managed_fields) {
    std::vector<Writer> writers;
    if (!managed_fields) return writers;
    for (const auto& entry : managed_fields->items) writers.push_back(writer_of(entry));
    return writers;
}

std::vector<Writer> writers_between(const Managed& before, const Managed& after) {
    const auto old = writers_in(before.fields);
    auto writers = writers_in(after.fields);
    std::erase_if(writers, [&](const Writer& writer) {
        return std::find(old.begin(), old.end(), writer) != old.end();
    });
    if (!writers.empty() || !after.fields) return writers;
    writers = owners(before, after, Containers::leave_out);
    return writers.empty() ? owners(before, after, Containers::count) : writers;
}

}  // namespace salvor::cluster
