#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "formats/kube/schema/table.hpp"
#include "formats/kube/value.hpp"

// Which resources there are, what they are called and where they are stored: Kubernetes' own from
// the table, custom ones from the CRDs in the snapshot.

namespace salvor::cluster {

/// A version of a custom resource, as its CRD defines it.
struct CustomVersion {
    std::string_view name;
    bool served = true;
    bool storage = false;
    const kube::Value* schema = nullptr;   ///< openAPIV3Schema
    const kube::Value* columns = nullptr;  ///< additionalPrinterColumns
    const kube::Value* selectable_fields = nullptr;
};

struct ResourceType {
    std::string_view group;  ///< empty: core
    std::string_view kind;
    std::string_view plural;  ///< empty: stored, but no API resource (masterleases, ranges)
    std::string_view singular;
    std::vector<std::string_view> short_names;
    std::vector<std::string_view> categories;
    bool namespaced = false;
    std::string key_prefix;                  ///< below the registry's prefix: "services/specs"
    std::vector<std::string_view> versions;  ///< served by the release shown, the preferred first
    const kube::schema::ResourceRow* row = nullptr;  ///< built in
    const kube::Value* crd = nullptr;                ///< the definition, as stored
    std::vector<CustomVersion> custom_versions;
    bool preserve_unknown = false;  ///< a CRD's preserveUnknownFields: nothing is pruned

    bool is_custom() const { return crd != nullptr; }
    /// "deployments.apps"; of core the plural alone.
    std::string full_name() const;
    std::string api_version() const;  ///< of the preferred version: "apps/v1"
    /// Versions of other groups in which the same objects are served, or once were:
    /// "events.k8s.io/v1", "extensions/v1beta1".
    std::vector<std::string_view> kin;
};

/// The schema of a custom resource in the version of an apiVersion; nullptr where there is none.
const kube::Value* schema_of(const ResourceType* type, std::string_view api_version);

/// A resource as somebody typed it, found; with the version where one was asked for.
struct Named {
    const ResourceType* type;
    std::string api_version;  ///< "apps/v1"; empty: the preferred one
};

class Catalog {
 public:
    explicit Catalog(std::uint8_t release);
    Catalog(const Catalog&) = delete;
    Catalog& operator=(const Catalog&) = delete;

    /// Adds the resource that a CRD defines (stored as v1beta1 or v1). The document must outlive
    /// the catalog.
    void add_crd(const kube::Value& crd);

    const std::deque<ResourceType>& types() const { return types_; }
    /// What kubectl's argument names: plural, singular, short name or kind in any case, with
    /// `.group`,
    /// `.version.group`; a group may be cut short. Among several the server's order of groups
    /// decides.
    std::optional<Named> find(std::string_view word) const;
    /// The types of a category such as `all`, in the server's order.
    std::vector<const ResourceType*> category(std::string_view name) const;
    /// The type stored at a key below the registry's prefix: the longest key_prefix on whole
    /// segments.
    const ResourceType* at_key(std::string_view below) const;
    /// By an object's own words; the version is not looked at.
    const ResourceType* of_kind(std::string_view group, std::string_view kind) const;

 private:
    std::uint8_t release_;
    std::deque<ResourceType> types_;
    std::unordered_map<std::string_view, const ResourceType*> places_;  ///< by key_prefix
};

}  // namespace salvor::cluster
