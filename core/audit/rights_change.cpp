#include "core/audit/rights_change.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace salvor::audit {
namespace {

/// What a subject has: its grants.
using BySubject = std::map<Subject, std::vector<Grant>>;

BySubject by_subject(const Rights& rights) {
    BySubject found;
    rights.each_grant([&](const Grant& grant) { found[*grant.subject].push_back(grant); });
    return found;
}

/// A rule taken apart; what it says of several resources, names or URLs is one each.
template <class Each>
void each_request(const Grant& grant, Each&& each) {
    const auto& rule = *grant.rule;
    const std::vector<std::string> any_name{""};
    Request request;
    for (const auto& verb : rule.verbs) {
        request.verb = verb;
        for (const auto& group : rule.groups) {
            request.group = group;
            for (const auto& resource : rule.resources) {
                const auto slash = std::min(resource.find('/'), resource.size());
                request.resource = resource.substr(0, slash);
                request.subresource = resource.substr(std::min(slash + 1, resource.size()));
                for (const auto& name : rule.is_by_name() ? rule.names : any_name) {
                    request.name = name;
                    each(request);
                }
            }
        }
        if (!grant.namespace_name().empty()) continue;  // no URL is a namespace's
        Request of_url;
        of_url.verb = verb;
        for (const auto& url : rule.urls) {
            of_url.url = url;
            each(of_url);
        }
    }
}

/// Whether any of the grants gives it: in that namespace or in all.
bool has(const std::vector<Grant>& grants, const Request& request, const std::string& home) {
    return std::any_of(grants.begin(), grants.end(), [&](const Grant& grant) {
        const auto& given = grant.namespace_name();
        return (given.empty() || given == home) && allows(*grant.rule, request);
    });
}

using Place = std::tuple<Subject, std::string, std::string, std::string, std::string, std::string>;

/// What `there` has and `other` lacks.
void add(const BySubject& there, const BySubject& other, RightsChange::Way way,
         std::vector<RightsChange>& changes) {
    std::map<Place, RightsChange> found;
    for (const auto& [subject, grants] : there) {
        const auto same = other.find(subject);
        for (const auto& grant : grants) {
            const auto& home = grant.namespace_name();
            each_request(grant, [&](const Request& request) {
                if (same != other.end() && has(same->second, request, home)) return;
                auto resource = request.resource;
                if (!request.subresource.empty()) resource += "/" + request.subresource;
                auto& change =
                    found[{subject, home, request.group, resource, request.name, request.url}];
                if (change.verbs.empty()) {
                    change = {way,          subject,     home, request.group, resource,
                              request.name, request.url, {},   grant.binding};
                }
                auto& verbs = change.verbs;
                if (std::find(verbs.begin(), verbs.end(), request.verb) == verbs.end())
                    verbs.push_back(request.verb);
            });
        }
    }
    for (auto& [place, change] : found) changes.push_back(std::move(change));
}

}  // namespace

std::vector<RightsChange> rights_changes(const Rights& before, const Rights& after) {
    const auto older = by_subject(before), newer = by_subject(after);
    std::vector<RightsChange> changes;
    add(newer, older, RightsChange::Way::gained, changes);
    add(older, newer, RightsChange::Way::lost, changes);
    std::stable_sort(changes.begin(), changes.end(), [](const auto& a, const auto& b) {
        return std::tie(a.subject, a.namespace_name, a.way, a.binding->name) <
               std::tie(b.subject, b.namespace_name, b.way, b.binding->name);
    });
    return changes;
}

}  // namespace salvor::audit
