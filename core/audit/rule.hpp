#pragma once

#include <string>
#include <vector>

#include "formats/kube/value.hpp"

// One rule of a role, and whether it lets a request through.
// Source: kubernetes pkg/apis/rbac/v1/evaluation_helpers.go

namespace salvor::audit {

struct PolicyRule {
    std::vector<std::string> verbs, groups, resources, names, urls;
    bool operator==(const PolicyRule&) const = default;

    static PolicyRule of(const kube::Value& rule);
    /// Whether it holds for single objects alone.
    bool is_by_name() const { return !names.empty(); }
};

/// What somebody asks of an apiserver.
struct Request {
    std::string verb;
    std::string group;  ///< empty: core
    std::string resource;
    std::string subresource;
    std::string name;            ///< empty: of no single object
    std::string namespace_name;  ///< empty: of the cluster, or of all namespaces
    std::string url;             ///< not empty: a path that is no resource's, as /healthz

    bool is_url() const { return !url.empty(); }
    /// "get pods.apps/log web"
    std::string words() const;
};

/// `names`: whether a rule for single objects lets a request through that names none.
enum class Names { as_asked, any };
bool allows(const PolicyRule& rule, const Request& request, Names names = Names::as_asked);

}  // namespace salvor::audit
