#include <algorithm>
#include <array>
#include <set>

#include "core/cluster/describe/parts.hpp"
#include "core/cluster/describe/quantity.hpp"

// What a namespace may use: Namespace, ResourceQuota, LimitRange, PriorityClass.

namespace salvor::describe {
namespace {

// -- LimitRange

constexpr std::string_view limit_headers =
    "Type\tResource\tMin\tMax\tDefault Request\tDefault Limit\tMax Limit/Request Ratio";
constexpr std::string_view limit_rules =
    "----\t--------\t---\t---\t---------------\t-------------\t-----------------------";
constexpr std::array limit_fields{"min", "max", "defaultRequest", "default",
                                  "maxLimitRequestRatio"};

void limit_rows(const Value& range, Writer& out, std::string_view indent) {
    for (const auto& limit : items_at(range, "spec.limits")) {
        std::set<std::string_view> names;
        for (const auto* field : limit_fields) {
            for (const auto* member : sorted(limit.find(field))) names.insert(member->name);
        }
        for (const auto name : names) {
            std::string row = fmt::format("{}{}\t{}", indent, limit.text("type"), name);
            for (const auto* field : limit_fields) {
                const auto* list = limit.find(field);
                const auto* amount = list ? list->find(name) : nullptr;
                row += fmt::format("\t{}", amount ? text_of(amount) : "-");
            }
            out.write(0, "{}\n", row);
        }
    }
}

void describe_limit_range(const Subject& subject, Writer& out) {
    name_and_namespace(subject, out);
    out.write(0, "{}\n{}\n", limit_headers, limit_rules);
    limit_rows(subject.object, out, "");
}

// -- ResourceQuota

/// kubectl's own words for a scope.
std::string_view scope_help(std::string_view scope) {
    static constexpr std::array words{
        std::pair{"Terminating",
                  "Matches all pods that have an active deadline. These pods have a limited "
                  "lifespan on a node before being actively terminated by the system."},
        std::pair{"NotTerminating",
                  "Matches all pods that do not have an active deadline. These pods usually "
                  "include long running pods whose container command is not expected to "
                  "terminate."},
        std::pair{"BestEffort",
                  "Matches all pods that do not have resource requirements set. These pods have a "
                  "best effort quality of service."},
        std::pair{"NotBestEffort",
                  "Matches all pods that have at least one resource requirement set. These pods "
                  "have a burstable or guaranteed quality of service."}};
    for (const auto& [name, help] : words) {
        if (scope == name) return help;
    }
    return {};
}

void scopes(const Value& quota, Writer& out, std::size_t level, std::string_view indent) {
    auto all = texts_at(quota, "spec.scopes");
    if (all.empty()) return;
    std::sort(all.begin(), all.end());
    out.write(level, "Scopes:\t{}\n", table::join(all, ", "));
    for (const auto& scope : all) {
        if (const auto help = scope_help(scope); !help.empty())
            out.write(level, "{}* {}\n", indent, help);
    }
}

/// A row a resource of status.hard.
void quota_rows(const Value& quota, Writer& out, std::size_t level) {
    const auto* used = at(quota, "status.used");
    for (const auto* hard : sorted(at(quota, "status.hard"))) {
        const auto* amount = used ? used->find(hard->name) : nullptr;
        out.write(level, "{}\t{}\t{}\n", hard->name, amount ? text_of(amount) : "0",
                  text_of(&hard->value));
    }
}

void describe_quota(const Subject& subject, Writer& out) {
    name_and_namespace(subject, out);
    scopes(subject.object, out, 0, " ");
    out.write(0, "Resource\tUsed\tHard\n--------\t----\t----\n");
    const auto* used = at(subject.object, "status.used");
    for (const auto* hard : sorted(at(subject.object, "status.hard"))) {
        const auto* amount = used ? used->find(hard->name) : nullptr;
        const auto limit = Quantity::of(&hard->value);
        out.write(0, "{}\t{}\t{}\n", hard->name, Quantity::of(amount).text_beside(limit),
                  text_of(&hard->value));
    }
}

// -- Namespace

void quotas_of(const Subject& subject, Writer& out) {
    bool any = false;
    const auto space = string_at(subject.object, "metadata.name");
    subject.around.each("resourcequotas", space, [&](const Value& quota) {
        if (!any) out.write(0, "Resource Quotas\n");
        any = true;
        out.write(1, "Name:\t{}\n", text_at(quota, "metadata.name"));
        scopes(quota, out, 1, "");
        out.write(1, "Resource\tUsed\tHard\n");
        out.write(1, "--------\t---\t---\n");
        quota_rows(quota, out, 1);
    });
    if (!any) out.write(0, "No resource quota.\n");
}

void limit_ranges_of(const Subject& subject, Writer& out) {
    bool any = false;
    const auto space = string_at(subject.object, "metadata.name");
    subject.around.each("limitranges", space, [&](const Value& range) {
        if (!any) out.write(0, "Resource Limits\n {}\n {}\n", limit_headers, limit_rules);
        any = true;
        limit_rows(range, out, " ");
    });
    if (!any) out.write(0, "No LimitRange resource.\n");
}

void describe_namespace(const Subject& subject, Writer& out) {
    name(subject, out);
    labels_and_annotations(subject, out);
    out.write(0, "Status:\t{}\n", text_at(subject.object, "status.phase"));
    static constexpr std::array columns{
        ConditionColumn{"Type", "type"}, ConditionColumn{"Status", "status"},
        ConditionColumn{"LastTransitionTime", "lastTransitionTime", true},
        ConditionColumn{"Reason", "reason"}, ConditionColumn{"Message", "message"}};
    conditions(subject, out, columns);
    out.write(0, "\n");
    quotas_of(subject, out);
    out.write(0, "\n");
    limit_ranges_of(subject, out);
}

void describe_priority_class(const Subject& subject, Writer& out) {
    const auto& object = subject.object;
    name(subject, out);
    out.write(0, "Value:\t{}\n", number_at(object, "value"));
    out.write(0, "GlobalDefault:\t{}\n", truth_at(object, "globalDefault"));
    out.write(0, "PreemptionPolicy:\t{}\n", text_at(object, "preemptionPolicy"));
    out.write(0, "Description:\t{}\n", text_at(object, "description"));
    out.write(0, "Annotations:\t{}\n", pairs_at(object, "metadata.annotations"));
}

}  // namespace

std::span<const Kind> limits() {
    static constexpr std::array kinds{
        Kind{"", "Namespace", describe_namespace, Events::none},
        Kind{"", "ResourceQuota", describe_quota, Events::none},
        Kind{"", "LimitRange", describe_limit_range, Events::none},
        Kind{"scheduling.k8s.io", "PriorityClass", describe_priority_class},
    };
    return kinds;
}

}  // namespace salvor::describe
