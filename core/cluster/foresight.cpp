#include "core/cluster/foresight.hpp"

#include <algorithm>

namespace salvor::cluster {
namespace {

template <class List, class Item>
bool has(const List& list, const Item& item) {
    return std::find(list.begin(), list.end(), item) != list.end();
}

}  // namespace

Foresight::Foresight(const std::vector<std::string>& words, std::string raw_key,
                     std::string namespace_name)
    : raw_key_(std::move(raw_key)), namespace_name_(std::move(namespace_name)) {
    if (!raw_key_.empty()) {
        kind_ = Kind::raw_key;
    } else if (words.empty()) {
        kind_ = Kind::everything;
    } else if (words.size() > 1 || words.front().find('/') != std::string::npos) {
        kind_ = Kind::names;
        for (const auto& word : words) names_.push_back(word.substr(word.rfind('/') + 1));
    } else {
        foresee_places(words.front());
    }
}

/// A CRD may take a word away from a built-in type; covers() would see that.
void Foresight::foresee_places(Bytes kinds) {
    const Catalog catalog(kube::schema::newest_release);
    for (std::size_t at = 0; at <= kinds.size();) {
        const auto comma = std::min(kinds.find(',', at), kinds.size());
        const auto named = catalog.find(kinds.substr(at, comma - at));
        if (!named) return;
        places_.push_back(place_of(*named->type));
        at = comma + 1;
    }
    kind_ = Kind::places;
}

std::string Foresight::place_of(const ResourceType& type) const {
    auto place = fmt::format("/{}/", type.key_prefix);
    if (type.namespaced && !namespace_name_.empty()) place += namespace_name_ + "/";
    return place;
}

bool Foresight::is_named(Bytes key) const {
    return std::any_of(names_.begin(), names_.end(), [&](const std::string& name) {
        if (!key.ends_with(name)) return false;
        return key.size() == name.size() || key[key.size() - name.size() - 1] == '/';
    });
}

bool Foresight::holds(Bytes key) const {
    switch (kind_) {
        case Kind::nothing:
        case Kind::everything: break;
        case Kind::raw_key: return key == raw_key_;
        case Kind::names: return is_named(key);
        case Kind::places:
            return std::any_of(places_.begin(), places_.end(), [&](const std::string& place) {
                return key.find(place) != Bytes::npos;
            });
    }
    return true;
}

bool Foresight::covers(const Query& query) const {
    const auto is_covered = [&](const Target& target) {
        if (kind_ == Kind::places) return has(places_, place_of(*target.type));
        return !target.names.empty() &&
               std::all_of(target.names.begin(), target.names.end(),
                           [&](const std::string& name) { return has(names_, name); });
    };
    switch (kind_) {
        case Kind::nothing: return false;
        case Kind::everything: return true;
        case Kind::raw_key: return query.raw_key == raw_key_;
        case Kind::names:
        case Kind::places: break;
    }
    return query.raw_key.empty() && !query.targets.empty() &&
           std::all_of(query.targets.begin(), query.targets.end(), is_covered);
}

}  // namespace salvor::cluster
