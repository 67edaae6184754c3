#pragma once

#include "core/cluster/select.hpp"

// What is said where a query found nothing, or not all that it names.

namespace salvor::tool {

/// kubectl's sentence; where the namespace is none of the snapshot's, that too, and the nearest.
void say_nothing_found(const cluster::Cluster& cluster, const cluster::Query& query);

/// That the snapshot has no such namespace, and which is near; nothing where it has, or none was
/// asked for.
void say_unknown_namespace(const cluster::Cluster& cluster, const std::string& name);

/// "pods/web: not found at revision 7".
std::string not_found(const std::string& name, const cluster::Cluster& cluster);
/// Each of Selection::missing(), then the namespace as above.
void say_missing(const cluster::Selection& selection, const cluster::Cluster& cluster,
                 const cluster::Query& query);

}  // namespace salvor::tool
