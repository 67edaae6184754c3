#include <algorithm>
#include <array>

#include "core/cluster/selector.hpp"
#include "core/cluster/table/cells.hpp"
#include "core/verify/reference/referrer.hpp"
#include "core/verify/rules.hpp"
#include "formats/kube/fields.hpp"
#include "formats/text/escape.hpp"
#include "formats/text/time.hpp"

namespace salvor::verify {
namespace {

constexpr Rule selector_template{"selector-template",
                                 Layer::reference,
                                 Severity::warning,
                                 "a workload's selector takes in the pods of its template",
                                 "no apiserver wrote it, and its controller makes pods without "
                                 "end: correct it after the restore",
                                 Subject::cluster};
constexpr Rule scale_target{"scale-target",
                            Layer::reference,
                            Severity::warning,
                            "what a HorizontalPodAutoscaler scales is there",
                            "it scales nothing: bring its target back, or delete it",
                            Subject::cluster};
constexpr Rule lease_expired{
    "lease-expired",
    Layer::reference,
    Severity::note,
    "with --now: a lease's holder has renewed it in time",
    "a node is NotReady until its kubelet reports, and after five minutes its pods are made anew "
    "elsewhere; a leader is elected again",
    Subject::cluster};
constexpr Rule lease_node{"lease-node",
                          Layer::reference,
                          Severity::note,
                          "a node's lease has its node",
                          "the lease is left over; it does no harm",
                          Subject::cluster};
constexpr std::array table{selector_template, scale_target, lease_expired, lease_node};

// Fields of LeaseSpec.
constexpr int lease_holder = 1, lease_duration = 2, lease_renew_time = 4;

}  // namespace

RuleRows workload_rules() {
    return table;
}

bool selects(Bytes selector, Bytes metadata) {
    bool all = true;
    kube::each_field(selector, 1, [&](const kube::FieldValue& entry) {
        const auto label = kube::entry_of(metadata, 11, kube::bytes_at(entry.bytes, {1}));
        all = all && label == kube::bytes_at(entry.bytes, {2});
    });
    kube::each_field(selector, 2, [&](const kube::FieldValue& expression) {
        using Operator = cluster::Requirement::Operator;
        cluster::Requirement wanted;
        wanted.key = kube::bytes_at(expression.bytes, {1});
        const auto op = kube::bytes_at(expression.bytes, {2});
        wanted.op = op == "In"       ? Operator::in
                    : op == "NotIn"  ? Operator::not_in
                    : op == "Exists" ? Operator::exists
                                     : Operator::absent;
        kube::each_field(expression.bytes, 3, [&](const kube::FieldValue& value) {
            wanted.values.emplace_back(value.bytes);
        });
        all = all && wanted.holds(kube::entry_of(metadata, 11, wanted.key));
    });
    return all;
}

/// Of these kinds spec.selector is field 2 and spec.template field 3, but of a DaemonSet one less.
void check_workload(const Referrer& referrer) {
    const bool is_daemon_set = referrer.object.key.type->key_prefix == "daemonsets";
    const auto spec = kube::bytes_at(referrer.message(), {2});
    const auto selector = kube::bytes_at(spec, {is_daemon_set ? 1U : 2U});
    const auto metadata = kube::bytes_at(spec, {is_daemon_set ? 2U : 3U, 1});
    if (selector.empty() || selects(selector, metadata)) return;
    referrer.say(selector_template,
                 [] { return "its selector does not take in its own template's labels"; });
}

void check_scaler(const Referrer& referrer) {
    // HorizontalPodAutoscalerSpec.scaleTargetRef: kind, name, apiVersion
    const auto target = kube::bytes_at(referrer.message(), {2, 1});
    const auto kind = kube::bytes_at(target, {1}), name = kube::bytes_at(target, {2});
    const auto* type = referrer.lookup.type_of(kube::bytes_at(target, {3}), kind);
    if (!type || referrer.lookup.find(*type, referrer.namespace_name(), name)) return;
    referrer.say(scale_target, [&] {
        return named(std::string(text::escape(kind)).c_str(), referrer.namespace_name(), name) +
               " is not there";
    });
}

void check_lease(const Referrer& referrer) {
    if (referrer.namespace_name() == "kube-node-lease" &&
        !referrer.lookup.find("minions", {}, referrer.name())) {
        referrer.say(lease_node,
                     [&] { return named("Node", {}, referrer.name()) + " is not there"; });
    }
    const auto spec = kube::bytes_at(referrer.message(), {2});
    const auto renewed = kube::field_at(spec, {lease_renew_time, 1 /* seconds */});
    const auto duration = kube::field_at(spec, {lease_duration});
    const auto holder = kube::bytes_at(spec, {lease_holder});
    if (!referrer.scope.now() || !renewed || !duration || holder.empty()) return;
    const auto end =
        static_cast<std::int64_t>(renewed->number) + static_cast<std::int64_t>(duration->number);
    if (end > *referrer.scope.now()) return;
    referrer.say(lease_expired, [&] {
        return fmt::format("{} held it until {}", text::escape(holder), text::rfc3339(end));
    });
}

}  // namespace salvor::verify
