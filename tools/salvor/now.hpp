#pragma once

#include <optional>
#include <string>

#include "core/cluster/table/column.hpp"
#include "formats/base/result.hpp"

namespace CLI {
class App;
}

namespace salvor::tool {

class ClusterView;

/// What an option says that is a time, in seconds since 1970; nullopt of an empty text. Error:
/// usage.
Result<std::optional<std::int64_t>> zoned_time(Bytes option, const std::string& time);

/// `--now`: the time from which ages are counted.
void add_now(CLI::App& app, std::string& now);
/// Error: usage (none, or one without a zone).
Result<kube::Instant> parse_now(const std::string& now);
/// That time; where none was given, the one that the leases of the state or else the file itself
/// tell, which is said on stderr. Error: as parse_now().
Result<table::Now> now_of(const std::string& now, const ClusterView& view);

}  // namespace salvor::tool
