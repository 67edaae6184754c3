#pragma once

#include <string>

#include "core/cluster/export/exporter.hpp"

namespace salvor::report {

/// What became of the objects, rule by rule; `place`: where they went.
std::string export_text(const cluster::ExportCounts& counts, Bytes place);
std::string export_json(const cluster::ExportCounts& counts, Bytes place);
/// All rules that leave out or clean.
std::string export_rules_text();
std::string export_rules_json();

}  // namespace salvor::report
