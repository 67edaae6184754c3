#include "core/audit/rights.hpp"

#include <algorithm>

#include "core/audit/objects.hpp"

namespace salvor::audit {
namespace {

using kube::Value;

std::string text(const Value& value, std::string_view name) {
    return std::string(value.text(name));
}

/// A LabelSelector. An operator that there is not selects nothing.
cluster::Requirements requirements_of(const Value& selector) {
    using Operator = cluster::Requirement::Operator;
    cluster::Requirements all;
    if (const auto* labels = selector.find("matchLabels")) {
        for (const auto& label : labels->members)
            all.push_back(
                {std::string(label.name), Operator::in, {std::string(label.value.string)}});
    }
    const auto* expressions = selector.find("matchExpressions");
    if (!expressions) return all;
    for (const auto& each : expressions->items) {
        cluster::Requirement requirement{text(each, "key"), Operator::in, {}};
        const auto op = each.text("operator");
        if (op == "NotIn") requirement.op = Operator::not_in;
        if (op == "Exists") requirement.op = Operator::exists;
        if (op == "DoesNotExist") requirement.op = Operator::absent;
        if (const auto* values = each.find("values")) {
            for (const auto& value : values->items) requirement.values.emplace_back(value.string);
        }
        all.push_back(std::move(requirement));
    }
    return all;
}

Subject subject_of(const Value& value, const Binding& binding) {
    Subject subject;
    const auto kind = value.text("kind");
    subject.name = text(value, "name");
    if (kind == "Group") subject.kind = Subject::Kind::group;
    if (kind != "ServiceAccount") return subject;
    subject.kind = Subject::Kind::service_account;
    subject.namespace_name = text(value, "namespace");
    if (subject.namespace_name.empty()) subject.namespace_name = binding.namespace_name;
    return subject;
}

bool is_subject(const Value& value) {
    const auto kind = value.text("kind");
    return kind == "User" || kind == "Group" || kind == "ServiceAccount";
}

/// What every apiserver grants before it looks at any role.
/// Source: kubernetes pkg/kubeapiserver/authorizer/config.go NewPrivilegedGroups
Role masters_role() {
    return {{},
            "(every apiserver's own)",
            {{{"*"}, {"*"}, {"*"}, {}, {}}, {{"*"}, {}, {}, {}, {"*"}}},
            {}};
}

}  // namespace

std::string Role::words() const {
    return (namespace_name.empty() ? "ClusterRole/" : "Role/") + name;
}

std::string Binding::words() const {
    if (built_in) return name;
    if (namespace_name.empty()) return "ClusterRoleBinding/" + name;
    return "RoleBinding/" + namespace_name + "/" + name;
}

class Rights::Reading {
 public:
    Reading(const cluster::Cluster& cluster, Rights& rights) : cluster_(cluster), rights_(rights) {}

    Result<void> all() {
        SALVOR_CHECK(each("clusterroles", [&](const auto& key, const Value& value) {
            aggregated_.push_back(aggregated(value, role(key, value)));
        }));
        add_pending(aggregated_);
        SALVOR_CHECK(each("roles", [&](const auto& key, const Value& value) { role(key, value); }));
        auto& masters_of_all = rights_.roles_.emplace_back(masters_role());
        rights_.bindings_.push_back({{},
                                     "built in",
                                     masters_of_all.name,
                                     &masters_of_all,
                                     {{Subject::Kind::group, {}, std::string(masters)}},
                                     true,
                                     true});
        const auto bind = [&](const auto& key, const Value& value) { binding(key, value); };
        SALVOR_CHECK(each("clusterrolebindings", bind));
        return each("rolebindings", bind);
    }

 private:
    Result<void> each(
        const std::string& plural,
        const std::function<void(const cluster::ObjectKey&, const Value&)>& each) const {
        return each_value(cluster_, plural + ".rbac.authorization.k8s.io", rights_.problems_, each);
    }

    Role& role(const cluster::ObjectKey& key, const Value& value) {
        auto& made = rights_.roles_.emplace_back();
        made.namespace_name = key.namespace_name;
        made.name = key.name;
        if (const auto* rules = value.find("rules")) {
            for (const auto& rule : rules->items) made.rules.push_back(PolicyRule::of(rule));
        }
        by_name_[{made.namespace_name, made.name}] = &made;
        return made;
    }

    static AggregatedRole aggregated(const Value& value, Role& role) {
        AggregatedRole made{&role, {}, {}};
        if (const auto* labels = value.at({"metadata", "labels"})) {
            for (const auto& label : labels->members)
                made.labels.emplace(label.name, label.value.string);
        }
        if (const auto* selectors = value.at({"aggregationRule", "clusterRoleSelectors"})) {
            for (const auto& each : selectors->items)
                made.selectors.push_back(requirements_of(each));
        }
        return made;
    }

    void binding(const cluster::ObjectKey& key, const Value& value) {
        auto& made = rights_.bindings_.emplace_back();
        made.namespace_name = key.namespace_name;
        made.name = key.name;
        const auto* bootstrapping = value.at({"metadata", "labels", "kubernetes.io/bootstrapping"});
        made.is_default = bootstrapping && bootstrapping->string == "rbac-defaults";
        if (const auto* ref = value.find("roleRef")) {
            const auto kind = ref->text("kind"), name = ref->text("name");
            made.role_words = fmt::format("{}/{}", kind, name);
            const auto home = kind == "Role" ? made.namespace_name : std::string();
            const auto found = by_name_.find({home, std::string(name)});
            const bool is_one = kind == "ClusterRole" || (kind == "Role" && !home.empty());
            if (is_one && found != by_name_.end()) made.role = found->second;
        }
        const auto* subjects = value.find("subjects");
        if (!subjects) return;
        for (const auto& subject : subjects->items) {
            if (is_subject(subject)) made.subjects.push_back(subject_of(subject, made));
        }
    }

    const cluster::Cluster& cluster_;
    Rights& rights_;
    std::map<std::pair<std::string, std::string>, const Role*> by_name_;
    std::vector<AggregatedRole> aggregated_;
};

Result<Rights> Rights::of(const cluster::Cluster& cluster) {
    Rights rights;
    SALVOR_CHECK(Reading(cluster, rights).all());
    return rights;
}

std::vector<Grant> Rights::granting(const Identity& identity, const Request& request) const {
    std::vector<Grant> found;
    each_grant([&](const Grant& grant) {
        const auto& home = grant.namespace_name();
        if ((home.empty() || (!request.is_url() && home == request.namespace_name)) &&
            identity.is(*grant.subject) && allows(*grant.rule, request)) {
            found.push_back(grant);
        }
    });
    std::stable_partition(found.begin(), found.end(),
                          [](const Grant& grant) { return !grant.is_pending; });
    return found;
}

std::vector<Grant> Rights::who_can(const Request& request, bool namespaced) const {
    std::vector<Grant> found;
    each_grant([&](const Grant& grant) {
        const auto& home = grant.namespace_name();
        const bool is_there =
            home.empty() ||
            (namespaced && (request.namespace_name.empty() || home == request.namespace_name));
        if (is_there && allows(*grant.rule, request, Names::any)) found.push_back(grant);
    });
    return found;
}

std::vector<Grant> Rights::of_identity(const Identity& identity, Bytes namespace_name) const {
    std::vector<Grant> found;
    each_grant([&](const Grant& grant) {
        const auto& home = grant.namespace_name();
        if ((home.empty() || namespace_name.empty() || home == namespace_name) &&
            identity.is(*grant.subject)) {
            found.push_back(grant);
        }
    });
    return found;
}

}  // namespace salvor::audit
