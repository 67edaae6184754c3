#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "core/cluster/describe/parts.hpp"
#include "core/cluster/describe/pod_resources.hpp"

namespace salvor::describe {
namespace {

constexpr std::uint8_t slices_since = 36;
constexpr std::uint8_t kube_proxy_until = 35;

std::string roles(const Value& node) {
    constexpr std::string_view prefix = "node-role.kubernetes.io/";
    std::vector<std::string> found;
    for (const auto* label : sorted(at(node, "metadata.labels"))) {
        if (label->name.starts_with(prefix) && label->name != prefix)
            found.emplace_back(label->name.substr(prefix.size()));
        if (label->name == "kubernetes.io/role" && !label->value.string.empty())
            found.emplace_back(label->value.string);
    }
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return or_none(table::join(found, ","));
}

std::string taint_text(const Value& taint) {
    const auto key = taint.text("key"), value = taint.text("value"), effect = taint.text("effect");
    if (effect.empty() && value.empty()) return std::string(key);
    return fmt::format("{}{}{}:{}", key, value.empty() ? "" : "=", value, effect);
}

void taints(const Value& node, Writer& out) {
    std::vector<const Value*> all;
    for (const auto& taint : items_at(node, "spec.taints")) all.push_back(&taint);
    std::stable_sort(all.begin(), all.end(), [](const Value* a, const Value* b) {
        const auto key = [](const Value& taint) {
            return fmt::format("{},{}", taint.text("effect"), taint.text("key"));
        };
        return key(*a) < key(*b);
    });
    std::vector<std::string> texts;
    for (const auto* taint : all) texts.push_back(taint_text(*taint));
    lines(out, "Taints", texts);
}

void lease(const Subject& subject, Writer& out) {
    const auto name = string_at(subject.object, "metadata.name");
    const bool found = subject.around.with(
        "leases.coordination.k8s.io", "kube-node-lease", name, [&](const Value& lease) {
            const auto time = [&](std::string_view path) {
                return has(lease, path) ? date_at(lease, path) : "<unset>";
            };
            out.write(0, "Lease:\n");
            out.write(1, "HolderIdentity:\t{}\n",
                      has(lease, "spec.holderIdentity") ? text_at(lease, "spec.holderIdentity")
                                                        : "<unset>");
            out.write(1, "AcquireTime:\t{}\n", time("spec.acquireTime"));
            out.write(1, "RenewTime:\t{}\n", time("spec.renewTime"));
        });
    if (found) return;
    out.write(0, "Lease:\tFailed to get lease: leases.coordination.k8s.io \"{}\" not found\n",
              name);
}

void resource_list(const Value& node, Writer& out, std::string_view title, std::string_view path) {
    const auto members = sorted(at(node, path));
    if (members.empty()) return;
    out.write(0, "{}:\n", title);
    for (const auto* member : members)
        out.write(1, "{}:\t{}\n", member->name, text_of(&member->value));
}

/// Devices of the node, by driver and pool.
void resource_slices(const Subject& subject, Writer& out) {
    struct Pool {
        std::string driver, name;
        std::size_t slices = 0, devices = 0;
    };
    constexpr std::size_t most = 10;
    std::map<std::string, Pool> pools;
    const auto node = string_at(subject.object, "metadata.name");
    subject.around.each("resourceslices.resource.k8s.io", "", [&](const Value& slice) {
        if (text_at(slice, "spec.nodeName") != node) return;
        const auto driver = text_at(slice, "spec.driver"), name = text_at(slice, "spec.pool.name");
        auto& pool = pools[driver + "/" + name];
        pool.driver = driver;
        pool.name = name;
        ++pool.slices;
        pool.devices += items_at(slice, "spec.devices").size();
    });
    if (pools.empty()) return;
    out.write(0, "Node-Local ResourceSlices:\n");
    out.write(1, "Driver\tPool\tSlices\tDevices\n");
    out.write(1, "------\t----\t------\t-------\n");
    std::size_t shown = 0;
    for (const auto& [key, pool] : pools) {
        if (shown++ == most) return out.write(1, "...and {} more pools\n", pools.size() - most);
        out.write(1, "{}\t{}\t{}\t{}\n", pool.driver, pool.name, pool.slices, pool.devices);
    }
}

void system_info(const Subject& subject, Writer& out) {
    static constexpr std::array rows{
        std::pair{"Machine ID", "machineID"},
        std::pair{"System UUID", "systemUUID"},
        std::pair{"Boot ID", "bootID"},
        std::pair{"Kernel Version", "kernelVersion"},
        std::pair{"OS Image", "osImage"},
        std::pair{"Operating System", "operatingSystem"},
        std::pair{"Architecture", "architecture"},
        std::pair{"Container Runtime Version", "containerRuntimeVersion"},
        std::pair{"Kubelet Version", "kubeletVersion"}};
    out.write(0, "System Info:\n");
    const auto* info = at(subject.object, "status.nodeInfo");
    const auto row = [&](std::string_view title, std::string_view field) {
        out.write(1, "{}:\t{}\n", title, info ? info->text(field) : "");
    };
    for (const auto& [title, field] : rows) row(title, field);
    if (subject.release <= kube_proxy_until) row("Kube-Proxy Version", "kubeProxyVersion");
}

// -- pods

/// As Go, on amd64, makes an integer of what no integer can be.
std::int64_t percent(double part, double whole) {
    const auto fraction = part / whole * 100;
    if (!std::isfinite(fraction)) return std::numeric_limits<std::int64_t>::min();
    return static_cast<std::int64_t>(fraction);
}

Quantity amount(const Quantities& list, std::string_view name) {
    const auto found = list.find(name);
    return found == list.end() ? Quantity{} : found->second;
}

struct Totals {
    Quantities requests, limits, allocatable;

    /// "100m (1%)"
    std::string share(const Quantities& list, std::string_view name, bool or_zero) const {
        const auto part = amount(list, name), whole = amount(allocatable, name);
        const auto of = [&](const Quantity& q) {
            return static_cast<double>(name == "cpu" ? q.milli_value() : q.value());
        };
        const auto percents = or_zero && of(whole) == 0 ? 0 : percent(of(part), of(whole));
        return fmt::format("{} ({}%)", part.text(), percents);
    }
};

void pods(const Subject& subject, Writer& out, Totals& totals) {
    std::vector<std::string> rows;
    const auto node = string_at(subject.object, "metadata.name");
    subject.around.each("pods", "", [&](const Value& pod) {
        const auto phase = text_at(pod, "status.phase");
        if (text_at(pod, "spec.nodeName") != node || phase == "Succeeded" || phase == "Failed")
            return;
        const auto shown = shown_resources(pod, subject.release);
        const auto total = total_resources(pod, subject.release);
        add_to(totals.requests, total.requests);
        add_to(totals.limits, total.limits);
        rows.push_back(fmt::format(
            "{}\t{}\t\t{}\t{}\t{}\t{}\t{}", text_at(pod, "metadata.namespace"),
            text_at(pod, "metadata.name"), totals.share(shown.requests, "cpu", false),
            totals.share(shown.limits, "cpu", false), totals.share(shown.requests, "memory", false),
            totals.share(shown.limits, "memory", false),
            age(subject, at(pod, "metadata.creationTimestamp"))));
    });
    out.write(0, "Non-terminated Pods:\t({} in total)\n", rows.size());
    out.write(1,
              "Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge\n");
    out.write(1,
              "---------\t----\t\t------------\t----------\t---------------\t-------------\t---\n");
    for (const auto& row : rows) out.write(1, "{}\n", row);
}

void allocated(Writer& out, const Totals& totals) {
    out.write(0, "Allocated resources:\n");
    out.write(1, "(Total limits may be over 100 percent, i.e., overcommitted.)\n");
    out.write(1, "Resource\tRequests\tLimits\n");
    out.write(1, "--------\t--------\t------\n");
    const auto row = [&](std::string_view name) {
        out.write(1, "{}\t{}\t{}\n", name, totals.share(totals.requests, name, true),
                  totals.share(totals.limits, name, true));
    };
    static constexpr std::array standard{"cpu", "memory", "ephemeral-storage"};
    for (const auto* name : standard) row(name);
    const auto is_huge = [](std::string_view name) { return name.starts_with("hugepages-"); };
    for (const auto& [name, whole] : totals.allocatable) {
        if (is_huge(name)) row(name);
    }
    for (const auto& [name, whole] : totals.allocatable) {
        const bool is_standard =
            std::find(standard.begin(), standard.end(), name) != standard.end();
        if (is_standard || is_huge(name) || name == "pods") continue;
        out.write(1, "{}\t{}\t{}\n", name, amount(totals.requests, name).text(),
                  amount(totals.limits, name).text());
    }
}

void describe_node(const Subject& subject, Writer& out) {
    const auto& node = subject.object;
    name(subject, out);
    out.write(0, "Roles:\t{}\n", roles(node));
    labels_and_annotations(subject, out);
    created(subject, out);
    taints(node, out);
    out.write(0, "Unschedulable:\t{}\n", truth_at(node, "spec.unschedulable"));
    lease(subject, out);
    static constexpr std::array columns{
        ConditionColumn{"Type", "type", false, true},
        ConditionColumn{"Status", "status", false, true},
        ConditionColumn{"LastHeartbeatTime", "lastHeartbeatTime", true, true},
        ConditionColumn{"LastTransitionTime", "lastTransitionTime", true, true},
        ConditionColumn{"Reason", "reason", false, true},
        ConditionColumn{"Message", "message"}};
    conditions(subject, out, columns);
    out.write(0, "Addresses:\n");
    for (const auto& address : items_at(node, "status.addresses"))
        out.write(1, "{}:\t{}\n", address.text("type"), address.text("address"));
    resource_list(node, out, "Capacity", "status.capacity");
    resource_list(node, out, "Allocatable", "status.allocatable");
    if (subject.release >= slices_since) resource_slices(subject, out);
    system_info(subject, out);
    for (const auto& [title, path] :
         {std::pair{"PodCIDR", "spec.podCIDR"}, std::pair{"PodCIDRs", "spec.podCIDRs"},
          std::pair{"ProviderID", "spec.providerID"}}) {
        auto text = text_at(node, path);
        if (text.empty()) text = joined_at(node, path, ",");
        if (!text.empty()) out.write(0, "{}:\t{}\n", title, text);
    }
    Totals totals;
    totals.allocatable = quantities_of(at(node, "status.allocatable"));
    if (totals.allocatable.empty()) totals.allocatable = quantities_of(at(node, "status.capacity"));
    pods(subject, out, totals);
    allocated(out, totals);
}

}  // namespace

std::span<const Kind> nodes() {
    static constexpr std::array kinds{Kind{"", "Node", describe_node, Events::of_node}};
    return kinds;
}

}  // namespace salvor::describe
