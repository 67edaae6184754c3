#include "core/cluster/describe/surroundings.hpp"

#include <algorithm>

#include "core/cluster/table/cells.hpp"
#include "formats/kube/metadata.hpp"

namespace salvor::describe {
namespace {

using kube::Value;
using table::string_at;

std::size_t hash_of(std::string_view text) {
    return std::hash<std::string_view>{}(text);
}

std::size_t hash_of(std::string_view namespace_name, std::string_view name) {
    return hash_of(fmt::format("{}/{}", namespace_name, name));
}

}  // namespace

Result<Surroundings> Surroundings::of(const cluster::Presenter& presenter) {
    const auto& cluster = presenter.cluster();
    SALVOR_TRY(auto rows,
               timeline::range(cluster.db(), cluster.revision(), [](Bytes) { return true; }));
    return Surroundings(presenter, std::move(rows));
}

std::optional<cluster::Item> Surroundings::item(std::size_t row) const {
    return cluster().item(rows_[row]);
}

bool Surroundings::show(std::size_t row, const Each& each) const {
    const auto found = item(row);
    if (!found) return false;
    const auto object = cluster().open_object(*found);
    kube::Document document;
    const auto value = object ? presenter_->value(*object, document)
                              : Result<Value>(std::unexpected(object.error()));
    if (value) {
        each(*value);
    } else {
        ++unread_;
    }
    return value.has_value();
}

void Surroundings::each_row(std::string_view resource, std::string_view namespace_name,
                            const std::function<void(std::size_t)>& each) const {
    const auto named = cluster().catalog().find(resource);
    if (!named) return;
    for (const auto& prefix : cluster().registry().prefixes()) {
        auto start = fmt::format("{}/{}/", prefix, named->type->key_prefix);
        if (!namespace_name.empty()) start += fmt::format("{}/", namespace_name);
        for (auto i = rows_.lower_bound(start); i < rows_.size(); ++i) {
            if (!rows_[i].key.starts_with(start)) break;
            const auto found = item(i);  // Events have two types at one place
            if (found && found->key.type && found->key.type->key_prefix == named->type->key_prefix)
                each(i);
        }
    }
}

void Surroundings::each(std::string_view resource, std::string_view namespace_name,
                        const Each& each) const {
    each_row(resource, namespace_name, [&](std::size_t row) { show(row, each); });
}

std::optional<std::size_t> Surroundings::row_of(const cluster::ResourceType& type,
                                                std::string_view namespace_name,
                                                std::string_view name) const {
    for (const auto& prefix : cluster().registry().prefixes()) {
        auto key = fmt::format("{}/{}/", prefix, type.key_prefix);
        if (type.namespaced) key += fmt::format("{}/", namespace_name);
        key += name;
        const auto row = rows_.lower_bound(key);
        if (row < rows_.size() && rows_[row].key == key) return row;
    }
    return {};
}

bool Surroundings::with(std::string_view resource, std::string_view namespace_name,
                        std::string_view name, const Each& each) const {
    const auto named = cluster().catalog().find(resource);
    const auto row = named ? row_of(*named->type, namespace_name, name) : std::nullopt;
    return row && show(*row, each);
}

/// The uids that an object's ownerReferences name. What cannot be opened names none.
std::vector<std::string> Surroundings::owners_of(std::size_t row) const {
    std::vector<std::string> uids;
    const auto found = item(row);
    if (!found || (found->key.type && found->key.type->plural.empty())) return uids;
    const auto object = cluster().open_object(*found);
    if (!object) return uids;
    if (object->encoding() == kube::Encoding::protobuf) {
        const auto metadata = kube::read_metadata(object->message());
        if (metadata) uids.assign(metadata->owner_uids.begin(), metadata->owner_uids.end());
        return uids;
    }
    kube::Document document;
    const auto value = object->value_tree(document, {});
    if (!value) return uids;
    for (const auto& owner : table::items_at(*value, "metadata.ownerReferences"))
        uids.emplace_back(owner.text("uid"));
    return uids;
}

/// Rows in the order of their keys.
std::vector<std::size_t> Surroundings::owned_rows(std::string_view uid) const {
    if (!owners_) {
        owners_.emplace();
        for (std::size_t row = 0; row < rows_.size(); ++row) {
            for (const auto& owner : owners_of(row)) owners_->push_back({hash_of(owner), row});
        }
        std::sort(owners_->begin(), owners_->end());
    }
    std::vector<std::size_t> rows;
    const Reference first{hash_of(uid), 0};
    for (auto at = std::lower_bound(owners_->begin(), owners_->end(), first);
         at != owners_->end() && at->hash == first.hash; ++at) {
        const auto owners = owners_of(at->row);
        if (std::find(owners.begin(), owners.end(), uid) == owners.end()) continue;
        if (rows.empty() || rows.back() != at->row) rows.push_back(at->row);
    }
    return rows;
}

std::vector<Surroundings::Place> Surroundings::dependents(std::string_view uid) const {
    std::vector<Place> places;
    if (uid.empty()) return places;
    for (const auto row : owned_rows(uid)) {
        const auto found = item(row);
        const auto& key = found->key;
        places.push_back({key.type, std::string(key.namespace_name), std::string(key.name)});
    }
    return places;
}

void Surroundings::each_dependent(std::string_view resource, std::string_view uid,
                                  const Each& each) const {
    const auto named = cluster().catalog().find(resource);
    if (!named || uid.empty()) return;
    for (const auto row : owned_rows(uid)) {
        if (item(row)->key.type == named->type) show(row, each);
    }
}

const Surroundings::Index& Surroundings::events_in(std::string_view namespace_name) const {
    const auto known = events_.find(namespace_name);
    if (known != events_.end()) return known->second;
    auto& index = events_[std::string(namespace_name)];
    each_row("events", namespace_name, [&](std::size_t row) {
        show(row, [&](const Value& event) {
            index.push_back({hash_of(string_at(event, "involvedObject.namespace"),
                                     string_at(event, "involvedObject.name")),
                             row});
        });
    });
    std::sort(index.begin(), index.end());
    return index;
}

void Surroundings::each_event(const About& about, const Each& each) const {
    const auto& index = events_in(about.namespace_name);
    const Reference first{hash_of(about.namespace_name, about.name), 0};
    for (auto at = std::lower_bound(index.begin(), index.end(), first);
         at != index.end() && at->hash == first.hash; ++at) {
        show(at->row, [&](const Value& event) {
            const auto is = [&](std::string_view field, std::string_view wanted) {
                const auto* involved = event.find("involvedObject");
                return involved && involved->text(field) == wanted;
            };
            if (is("namespace", about.namespace_name) && is("name", about.name) &&
                (about.kind.empty() || is("kind", about.kind)) &&
                (about.uid.empty() || is("uid", about.uid)))
                each(event);
        });
    }
}

}  // namespace salvor::describe
