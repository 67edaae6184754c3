#include "tools/salvor/nothing_found.hpp"

#include <algorithm>

#include "core/cluster/namespaces.hpp"
#include "formats/text/escape.hpp"
#include "formats/text/nearest.hpp"
#include "tools/salvor/progress.hpp"

namespace salvor::tool {

void say_nothing_found(const cluster::Cluster& cluster, const cluster::Query& query) {
    const bool in_namespace =
        !query.namespace_name.empty() &&
        std::all_of(query.targets.begin(), query.targets.end(),
                    [](const cluster::Target& target) { return target.type->namespaced; });
    say(in_namespace ? fmt::format("No resources found in {} namespace.",
                                   text::Escaped{query.namespace_name})
                     : "No resources found");
    say_unknown_namespace(cluster, query.namespace_name);
}

void say_unknown_namespace(const cluster::Cluster& cluster, const std::string& name) {
    if (name.empty()) return;
    const auto names = cluster::namespace_names(cluster);
    if (!names || std::find(names->begin(), names->end(), name) != names->end()) return;
    say(fmt::format("there is no namespace {} at revision {}{}", text::Escaped{name},
                    cluster.revision(), text::did_you_mean(name, *names)));
}

std::string not_found(const std::string& name, const cluster::Cluster& cluster) {
    return fmt::format("{}: not found at revision {}", text::escape(name), cluster.revision());
}

void say_missing(const cluster::Selection& selection, const cluster::Cluster& cluster,
                 const cluster::Query& query) {
    for (const auto& name : selection.missing()) say(not_found(name, cluster));
    if (!selection.missing().empty()) say_unknown_namespace(cluster, query.namespace_name);
}

}  // namespace salvor::tool
