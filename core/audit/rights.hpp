#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "core/audit/rule.hpp"
#include "core/audit/subject.hpp"
#include "core/cluster/cluster.hpp"
#include "core/cluster/selector.hpp"

// Who may do what, by the roles and bindings of RBAC that a snapshot has. What only a server's own
// configuration says is not in it: the node authorizer, webhooks, --authorization-config.
// Source: kubernetes pkg/registry/rbac/validation/rule.go

namespace salvor::audit {

struct Role {
    std::string namespace_name;  ///< empty: a ClusterRole
    std::string name;
    std::vector<PolicyRule> rules;
    /// Of an aggregated ClusterRole: rules that its selectors add as soon as a controller manager
    /// runs, and that are not stored.
    std::vector<PolicyRule> pending;

    std::string words() const;  ///< "ClusterRole/admin", "Role/reader"
};

/// A ClusterRole while it is read: what others select it by, and what it selects itself.
struct AggregatedRole {
    Role* role;
    std::map<std::string, std::string, std::less<>> labels;
    std::vector<cluster::Requirements> selectors;  ///< empty: it is not made of others
};
/// Finds what each role lacks of those that it is made of.
/// Source: kubernetes pkg/controller/clusterroleaggregation
void add_pending(std::vector<AggregatedRole>& roles);

struct Binding {
    std::string namespace_name;  ///< empty: a ClusterRoleBinding, of all namespaces
    std::string name;
    std::string role_words;      ///< "ClusterRole/admin"
    const Role* role = nullptr;  ///< nullptr: there is none of that name, so nothing is granted
    std::vector<Subject> subjects;
    bool built_in = false;    ///< no object: what every apiserver grants by itself
    bool is_default = false;  ///< one of those that every apiserver makes

    /// "ClusterRoleBinding/x", "RoleBinding/shop/x"
    std::string words() const;
};

/// A rule that somebody has. Views into Rights.
struct Grant {
    const Binding* binding;
    const Subject* subject;
    const PolicyRule* rule;
    bool is_pending = false;

    const std::string& namespace_name() const { return binding->namespace_name; }
};

class Rights {
 public:
    /// Reads roles and bindings. Errors: malformed (the database). An object that cannot be read is
    /// one of problems().
    static Result<Rights> of(const cluster::Cluster& cluster);

    /// "clusterroles/x: why it could not be read": with any, what is denied may be granted.
    const std::vector<std::string>& problems() const { return problems_; }
    const std::deque<Binding>& bindings() const { return bindings_; }

    /// Calls `each(grant)` for all rules of all bindings, in the order in which a server looks.
    template <class Each>
    void each_grant(Each&& each) const {
        for (const auto& binding : bindings_) {
            if (!binding.role) continue;
            for (const auto& subject : binding.subjects) {
                for (const auto& rule : binding.role->rules)
                    each(Grant{&binding, &subject, &rule, false});
                for (const auto& rule : binding.role->pending)
                    each(Grant{&binding, &subject, &rule, true});
            }
        }
    }

    /// By what a request is granted, the first that is; pending grants last.
    std::vector<Grant> granting(const Identity& identity, const Request& request) const;
    /// Everybody who may, by subject; without a namespace in each. Grants for single objects too
    /// where the request names none.
    std::vector<Grant> who_can(const Request& request, bool namespaced) const;
    /// All rules of somebody, of one namespace and the cluster, or of all of them.
    std::vector<Grant> of_identity(const Identity& identity, Bytes namespace_name) const;

 private:
    class Reading;
    Rights() = default;
    std::deque<Role> roles_;
    std::deque<Binding> bindings_;  ///< the cluster's, then those of namespaces
    std::vector<std::string> problems_;
};

}  // namespace salvor::audit
