#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/cluster/present.hpp"

namespace salvor::describe {

/// The other objects of the cluster, asked for by kind and name, by owner, or by what an Event is
/// about. Nothing decoded is kept: 16 bytes a key, and as many a reference to an owner and an
/// Event once somebody asks for those.
class Surroundings {
 public:
    /// Reads all keys. Both must outlive it. Errors: malformed.
    static Result<Surroundings> of(const cluster::Presenter& presenter);

    using Each = std::function<void(const kube::Value&)>;
    /// Calls it for the objects of a resource such as "replicasets.apps" in a namespace, or in all
    /// (""), as they are shown, by key.
    void each(std::string_view resource, std::string_view namespace_name, const Each& each) const;
    /// The same with the one object of that name; false where there is none.
    bool with(std::string_view resource, std::string_view namespace_name, std::string_view name,
              const Each& each) const;
    bool has(const cluster::ResourceType& type, std::string_view namespace_name,
             std::string_view name) const {
        return row_of(type, namespace_name, name).has_value();
    }

    /// An object's place among others.
    struct Place {
        const cluster::ResourceType* type;  ///< nullptr: of no known resource
        std::string namespace_name, name;
    };
    /// The objects that name an owner of this uid, by key.
    std::vector<Place> dependents(std::string_view uid) const;
    /// Calls it for the dependents of one resource, as each().
    void each_dependent(std::string_view resource, std::string_view uid, const Each& each) const;

    /// What an Event's involvedObject must say; an empty kind or uid is not asked for.
    struct About {
        std::string_view namespace_name, name, kind, uid;
    };
    void each_event(const About& about, const Each& each) const;

    const cluster::Cluster& cluster() const { return presenter_->cluster(); }
    /// How many objects were asked for in vain: they could not be opened.
    std::uint64_t unread() const { return unread_; }

 private:
    Surroundings(const cluster::Presenter& presenter, timeline::State rows)
        : presenter_(&presenter), rows_(std::move(rows)) {}
    struct Reference {
        std::size_t hash;
        std::size_t row;
        auto operator<=>(const Reference&) const = default;
    };
    using Index = std::vector<Reference>;

    std::optional<cluster::Item> item(std::size_t row) const;
    std::optional<std::size_t> row_of(const cluster::ResourceType& type,
                                      std::string_view namespace_name, std::string_view name) const;
    bool show(std::size_t row, const Each& each) const;
    void each_row(std::string_view resource, std::string_view namespace_name,
                  const std::function<void(std::size_t)>& each) const;
    std::vector<std::string> owners_of(std::size_t row) const;
    std::vector<std::size_t> owned_rows(std::string_view uid) const;
    const Index& events_in(std::string_view namespace_name) const;

    const cluster::Presenter* presenter_;
    timeline::State rows_;
    mutable std::optional<Index> owners_;
    mutable std::map<std::string, Index, std::less<>> events_;  ///< by namespace; "": all
    mutable std::uint64_t unread_ = 0;
};

}  // namespace salvor::describe
