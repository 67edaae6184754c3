#include "core/verify/wal/data_directory.hpp"

#include <cassert>

#include "core/verify/rules.hpp"
#include "formats/wal/start.hpp"

namespace salvor::verify {

std::optional<etcd::ClusterId> check_data_directory(const Snapshot& snapshot, const Rows& rows,
                                                    Collector& findings) {
    const auto& directory = *snapshot.data_directory();
    findings.checked(Layer::wal);
    const auto take = [&](Problem problem) {
        const auto* rule = find_rule(problem.check);
        assert(rule);
        if (rule) findings.add(*rule, std::move(problem.place), std::move(problem.message));
    };
    const auto log = check_log(directory, take, findings);
    if (!log) return {};
    const auto start = check_snap_files(directory, *log, rows, take, findings);
    if (log->ending != wal::Ending::broken) wal::check_start(*log, start, take);
    check_position(directory, *log, start, rows, findings);
    return log->cluster;
}

}  // namespace salvor::verify
