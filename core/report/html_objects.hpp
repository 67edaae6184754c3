#pragma once

#include "core/cluster/present.hpp"
#include "core/report/html.hpp"

namespace salvor::report {

/// The page's objects: a list of all, and each one's YAML as `get` prints it, in parts that are
/// read when one of theirs is looked at. Secrets are redacted.
void add_objects(HtmlPage& page, const cluster::Cluster& cluster);

}  // namespace salvor::report
