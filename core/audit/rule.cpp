#include "core/audit/rule.hpp"

#include <algorithm>

namespace salvor::audit {
namespace {

using Texts = std::vector<std::string>;

Texts texts(const kube::Value& rule, std::string_view name) {
    Texts found;
    const auto* list = rule.find(name);
    if (!list) return found;
    for (const auto& item : list->items) {
        if (item.is_string()) found.emplace_back(item.string);
    }
    return found;
}

bool holds(const Texts& texts, std::string_view text) {
    return std::find(texts.begin(), texts.end(), text) != texts.end();
}

bool holds_or_all(const Texts& texts, std::string_view text) {
    return std::any_of(texts.begin(), texts.end(),
                       [&](const std::string& each) { return each == "*" || each == text; });
}

/// `*`, `pods/log`, or `*/scale` for a subresource of anything.
bool resource_fits(const std::string& rule, const std::string& asked,
                   const std::string& subresource) {
    if (rule == "*" || rule == asked) return true;
    return !subresource.empty() && rule.size() == subresource.size() + 2 &&
           rule.starts_with("*/") && rule.ends_with(subresource);
}

/// What is made has no name yet when it is asked whether it may be; so no name lets it through.
bool has_no_name(const Request& request) {
    return request.subresource.empty() &&
           (request.verb == "create" || request.verb == "deletecollection");
}

bool url_fits(std::string_view rule, std::string_view asked) {
    if (rule == "*" || rule == asked) return true;
    if (!rule.ends_with('*')) return false;
    const auto last = rule.find_last_not_of('*');
    return asked.starts_with(last == std::string_view::npos ? "" : rule.substr(0, last + 1));
}

}  // namespace

PolicyRule PolicyRule::of(const kube::Value& rule) {
    return {texts(rule, "verbs"), texts(rule, "apiGroups"), texts(rule, "resources"),
            texts(rule, "resourceNames"), texts(rule, "nonResourceURLs")};
}

std::string Request::words() const {
    auto text = verb + " ";
    if (is_url()) return text + url;
    text += resource;
    if (!group.empty()) text += "." + group;
    if (!subresource.empty()) text += "/" + subresource;
    if (!name.empty()) text += " " + name;
    return text;
}

bool allows(const PolicyRule& rule, const Request& request, Names names) {
    if (!holds_or_all(rule.verbs, request.verb)) return false;
    if (request.is_url()) {
        return std::any_of(rule.urls.begin(), rule.urls.end(),
                           [&](const std::string& url) { return url_fits(url, request.url); });
    }
    if (!holds_or_all(rule.groups, request.group)) return false;
    const auto asked = request.subresource.empty() ? request.resource
                                                   : request.resource + "/" + request.subresource;
    if (std::none_of(rule.resources.begin(), rule.resources.end(), [&](const std::string& each) {
            return resource_fits(each, asked, request.subresource);
        })) {
        return false;
    }
    if (!rule.is_by_name()) return true;
    if (names == Names::any && request.name.empty()) return !has_no_name(request);
    return holds(rule.names, request.name);
}

}  // namespace salvor::audit
