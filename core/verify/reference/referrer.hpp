#pragma once

#include "core/verify/object/stored_object.hpp"
#include "core/verify/reference/scope.hpp"
#include "core/verify/reference/tallies.hpp"
#include "formats/kube/check.hpp"
#include "formats/kube/lifecycle.hpp"
#include "formats/kube/token.hpp"

// Whom an object names, and whether that is there. Each file of this room has the rules of one
// subject; a kind's references are looked at while its value is at hand.

namespace salvor::verify {

/// An object while its references are looked at.
struct Referrer {
    const StoredObject& object;
    const kube::Checked& checked;
    const kube::Lifecycle& life;
    const Scope& scope;
    Lookup& lookup;
    Tallies& tallies;
    Sayings& sayings;

    Bytes message() const { return checked.message; }
    Bytes namespace_name() const { return object.key.namespace_name; }
    Bytes name() const { return object.key.name; }
    /// Says what `message` makes, if the rule's findings are still kept.
    template <class Message>
    void say(const Rule& rule, Message&& message) const {
        if (sayings.counts_only(rule)) return sayings.count(rule);
        sayings.add(rule, object.place(),
                    fmt::format("{}: {}", object.words(), std::forward<Message>(message)()));
    }
    /// The object as a value, for kinds of which a cluster has few; null where it is none.
    kube::Value tree(kube::Document& document) const;
};

/// Whether a message LabelSelector takes in what has this message ObjectMeta.
bool selects(Bytes selector, Bytes metadata);

/// "ConfigMap shop/settings", "Node n1", escaped.
std::string named(const char* kind, Bytes namespace_name, Bytes name);
/// Behind that: why what is named is not what was meant, though something of the name may be there.
const char* not_the_one(bool is_there);

/// Everything that one object names.
void check_references(const Referrer& referrer);
/// What shows only when all were looked at.
void report_tallies(const Tallies& tallies, const Scope& scope, Collector& findings);

// A subject a file.
void check_metadata(const Referrer& referrer);
void check_owners(const Referrer& referrer);
void check_namespace(const Referrer& referrer);
void check_namespace_object(const Referrer& referrer);
void check_deletion(const Referrer& referrer);
void check_custom_version(const Referrer& referrer);
void check_definition(const Referrer& referrer);
void check_conversion(const Referrer& referrer, const kube::Value& crd);
void check_api_service(const Referrer& referrer);
void check_webhooks(const Referrer& referrer);
void check_service(const Referrer& referrer);
void check_ip_address(const Referrer& referrer);
void check_service_cidr(const Referrer& referrer);
void check_range(const Referrer& referrer);
void check_claim(const Referrer& referrer);
void check_volume(const Referrer& referrer);
void check_attachment(const Referrer& referrer);
void check_secret(const Referrer& referrer);
void check_config_map(const Referrer& referrer);
void check_binding(const Referrer& referrer);
void check_pod(const Referrer& referrer);
void check_ingress(const Referrer& referrer);
void check_scaler(const Referrer& referrer);
void check_endpoint_slice(const Referrer& referrer);
void check_flow_schema(const Referrer& referrer);
void check_policy_binding(const Referrer& referrer);
void check_workload(const Referrer& referrer);
void check_lease(const Referrer& referrer);
void check_budget(const Referrer& referrer);
void check_csi_node(const Referrer& referrer);
void check_migration(const Referrer& referrer);
void check_device_claim(const Referrer& referrer);

/// certificates.cpp
void check_tls_secret(const Referrer& referrer);
/// Of a PEM text, where it stands in words.
void check_certificates(const Referrer& referrer, Bytes pem, std::string_view where);
/// host.cpp: with Options::host
void check_host_trust(const Referrer& referrer);
void check_token_key(const Referrer& referrer, const kube::Token& token);
/// node_ports.cpp: the node ports of a Service of that type.
void note_ports(const Referrer& referrer, const kube::Value& service, std::string_view type);
/// addresses.cpp, node_ports.cpp, versions.cpp
void report_addresses(const Tallies& tallies, const Scope& scope, Collector& findings);
void report_ports(const Tallies& tallies, const Scope& scope, Collector& findings);
void report_versions(const Tallies& tallies, const Scope& scope, Collector& findings);
/// budgets.cpp
void report_budgets(const Tallies& tallies, const Scope& scope, Collector& findings);

}  // namespace salvor::verify
