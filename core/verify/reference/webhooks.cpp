#include <algorithm>
#include <array>

#include "core/cluster/selector.hpp"
#include "core/cluster/table/cells.hpp"
#include "core/verify/reference/referrer.hpp"
#include "core/verify/rules.hpp"
#include "formats/kube/fields.hpp"
#include "formats/kube/special.hpp"
#include "formats/text/escape.hpp"

namespace salvor::verify {
namespace {

// Source: kube-aggregator pkg/apis/apiregistration/v1/types.go, api
// admissionregistration/{v1,v1beta1}/types.go

constexpr Rule api_service_backend{
    "apiservice-backend",
    Layer::reference,
    Severity::warning,
    "the Service behind an APIService is there",
    "discovery of the group fails, and no namespace can be deleted to its end: delete the "
    "APIService after the restore, or bring its Service back",
    Subject::cluster};
constexpr Rule api_service_local{
    "apiservice-local",
    Layer::reference,
    Severity::note,
    "an APIService that the apiserver serves itself is of a group that it has",
    "it is unavailable until its CustomResourceDefinitions are there: apply them, or delete the "
    "APIService",
    Subject::cluster};
constexpr Rule webhook_backend{
    "webhook-backend",
    Layer::reference,
    Severity::warning,
    "the Service behind a webhook that must answer is there",
    "what the webhook's rules match is refused from the restored cluster's first minute on: delete "
    "the webhook configuration, or bring its Service back",
    Subject::cluster};
constexpr Rule webhook_backend_ignored{
    "webhook-backend-ignored",
    Layer::reference,
    Severity::note,
    "the Service behind a webhook that need not answer is there",
    "each request that the webhook's rules match waits for its timeout in vain",
    Subject::cluster};
constexpr Rule webhook_deadlock{
    "webhook-deadlock",
    Layer::reference,
    Severity::note,
    "a webhook that must answer does not stand before its own pods",
    "where none of its pods runs after the restore it refuses those that would answer: delete the "
    "webhook configuration then, it comes back with its controller",
    Subject::cluster};
constexpr Rule conversion_backend{
    "conversion-backend",
    Layer::reference,
    Severity::warning,
    "the Service of a CRD's conversion webhook is there",
    "objects stored in another version than is asked for cannot be read: bring the Service back, "
    "or set the conversion strategy to None",
    Subject::cluster};
constexpr Rule backend_port{
    "backend-port",
    Layer::reference,
    Severity::warning,
    "the Service behind an APIService or a webhook that must answer has the port it is asked at",
    "nothing answers there, as if the Service were missing: correct the port, or bring the Service "
    "back as it was",
    Subject::cluster};
constexpr Rule webhook_bundle{
    "webhook-bundle",
    Layer::reference,
    Severity::warning,
    "a webhook that must answer, behind a Service, has a caBundle",
    "the apiserver trusts no Service by the host's own CAs, so that what the rules match is "
    "refused: see that whoever injects the bundle (cert-manager, say) runs after the restore",
    Subject::cluster};
constexpr std::array table{api_service_backend,     api_service_local, webhook_backend,
                           webhook_backend_ignored, webhook_deadlock,  webhook_bundle,
                           conversion_backend,      backend_port};

using kube::Value;
using table::items_at;
using table::string_at;

constexpr std::string_view service_place = "services/specs";

bool is_there(const Referrer& referrer, const Value& service) {
    return bool(
        referrer.lookup.find(service_place, service.text("namespace"), service.text("name")));
}

/// Of a Service that is there; one that lists no port is none that could be judged.
void check_port(const Referrer& referrer, const Value& service, std::string_view asked_by) {
    constexpr std::int64_t https = 443;
    const auto target =
        referrer.lookup.find(service_place, service.text("namespace"), service.text("name"));
    const auto wanted = table::integer_at(service, "port", https);
    bool lists_any = false, has_it = false;
    kube::each_field(kube::bytes_at(referrer.lookup.message_of(target), {2 /* spec */}), 1,
                     [&](const kube::FieldValue& port) {
                         const auto number = kube::field_at(port.bytes, {3});
                         lists_any = true;
                         has_it = has_it ||
                                  (number && static_cast<std::int64_t>(number->number) == wanted);
                     });
    if (has_it || !lists_any) return;
    referrer.say(backend_port, [&] {
        return fmt::format("{}{} has no port {}", asked_by,
                           named("Service", service.text("namespace"), service.text("name")),
                           wanted);
    });
}

std::string absent_words(const Value& service) {
    return named("Service", service.text("namespace"), service.text("name")) + " is not there";
}

bool has_any(std::span<const Value> list, std::initializer_list<std::string_view> words) {
    return std::any_of(list.begin(), list.end(), [&](const Value& each) {
        return std::find(words.begin(), words.end(), each.string) != words.end();
    });
}

bool takes_new_pods(const Value& webhook) {
    const auto rules = items_at(webhook, "rules");
    return std::any_of(rules.begin(), rules.end(), [](const Value& rule) {
        return has_any(items_at(rule, "apiGroups"), {"", "*"}) &&
               has_any(items_at(rule, "resources"), {"pods", "*", "*/*"}) &&
               has_any(items_at(rule, "operations"), {"CREATE", "*"}) &&
               string_at(rule, "scope") != "Cluster";
    });
}

bool is_empty(const Value* selector) {
    return !selector || selector->members.empty() ||
           std::all_of(selector->members.begin(), selector->members.end(), [](const auto& member) {
               return member.value.items.empty() && member.value.members.empty();
           });
}

/// Whether a LabelSelector takes the namespace in, by the labels that it has here.
bool selects_namespace(const Referrer& referrer, const Value* selector, Bytes name) {
    if (is_empty(selector)) return true;
    const auto words = table::selector_text(selector);
    const auto wanted = words ? cluster::parse_label_selector(*words)
                              : Result<cluster::Requirements>(fail(ErrorCode::usage, ""));
    const auto target = referrer.lookup.find("namespaces", {}, name);
    if (!wanted || !target) return false;
    const auto message = referrer.lookup.message_of(target);
    const auto metadata = kube::bytes_at(message, {1});
    return std::all_of(wanted->begin(), wanted->end(), [&](const cluster::Requirement& each) {
        return each.holds(kube::entry_of(metadata, 11 /* labels */, each.key));
    });
}

bool stands_before_its_pods(const Referrer& referrer, const Value& webhook, const Value& service) {
    return takes_new_pods(webhook) && is_empty(webhook.find("objectSelector")) &&
           items_at(webhook, "matchConditions").empty() &&
           selects_namespace(referrer, webhook.find("namespaceSelector"),
                             service.text("namespace"));
}

void check_webhook(const Referrer& referrer, const Value& webhook, bool fails_by_default) {
    const auto name = text::escape(webhook.text("name"));
    if (const auto bundle = string_at(webhook, "clientConfig.caBundle"); !bundle.empty()) {
        const auto pem = kube::parse_base64(bundle);
        check_certificates(referrer, pem ? Bytes(*pem) : Bytes{}, "caBundle of " + name);
    }
    const auto* service = table::at(webhook, "clientConfig.service");
    if (!service || !service->is_object()) return;
    const auto policy = webhook.text("failurePolicy");
    const bool must_answer = policy.empty() ? fails_by_default : policy == "Fail";
    if (!is_there(referrer, *service)) {
        return referrer.say(must_answer ? webhook_backend : webhook_backend_ignored, [&] {
            return fmt::format("webhook {}: {}", name, absent_words(*service));
        });
    }
    if (!must_answer) return;
    if (string_at(webhook, "clientConfig.caBundle").empty())
        referrer.say(webhook_bundle, [&] { return fmt::format("webhook {} has none", name); });
    check_port(referrer, *service, fmt::format("webhook {}: ", name));
    if (stands_before_its_pods(referrer, webhook, *service)) {
        referrer.say(webhook_deadlock, [&] {
            return fmt::format(
                "webhook {} must answer before a pod is made in namespace {}, where "
                "its own run",
                name, text::escape(service->text("namespace")));
        });
    }
}

/// Kubernetes' own groups end so, or have no dot.
bool is_own_group(Bytes group) {
    return group.ends_with(".k8s.io") || group.find('.') == Bytes::npos;
}

bool has_group(const cluster::Catalog& catalog, Bytes group) {
    return std::any_of(catalog.types().begin(), catalog.types().end(),
                       [&](const auto& type) { return type.group == group; });
}

}  // namespace

RuleRows webhook_rules() {
    return table;
}

void check_api_service(const Referrer& referrer) {
    kube::Document document;
    const auto object = referrer.tree(document);
    if (const auto bundle = string_at(object, "spec.caBundle"); !bundle.empty()) {
        const auto pem = kube::parse_base64(bundle);
        check_certificates(referrer, pem ? Bytes(*pem) : Bytes{}, "caBundle");
    }
    const auto* service = table::at(object, "spec.service");
    if (service && service->is_object()) {
        if (is_there(referrer, *service)) return check_port(referrer, *service, {});
        return referrer.say(api_service_backend, [&] { return absent_words(*service); });
    }
    const auto group = string_at(object, "spec.group");
    if (is_own_group(group) || has_group(referrer.scope.catalog(), group)) return;
    referrer.say(api_service_local, [&] {
        return fmt::format("no CustomResourceDefinition is of group {}", text::escape(group));
    });
}

void check_webhooks(const Referrer& referrer) {
    kube::Document document;
    const auto object = referrer.tree(document);
    const bool fails_by_default =
        kube::split_api_version(referrer.checked.identity.api_version).version != "v1beta1";
    for (const auto& webhook : items_at(object, "webhooks"))
        check_webhook(referrer, webhook, fails_by_default);
}

void check_conversion(const Referrer& referrer, const Value& crd) {
    // v1 has it in spec.conversion.webhook, v1beta1 in spec.conversion.
    for (const auto* path :
         {"spec.conversion.webhook.clientConfig", "spec.conversion.webhookClientConfig"}) {
        const auto* client = table::at(crd, path);
        const auto* service = client ? client->find("service") : nullptr;
        if (!service || !service->is_object()) continue;
        if (is_there(referrer, *service)) {
            check_port(referrer, *service, "conversion webhook: ");
        } else {
            referrer.say(conversion_backend,
                         [&] { return "conversion webhook: " + absent_words(*service); });
        }
    }
}

}  // namespace salvor::verify
