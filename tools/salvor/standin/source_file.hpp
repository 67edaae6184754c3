#pragma once

#include <future>
#include <optional>
#include <string>

#include "core/snapshot/snapshot.hpp"
#include "formats/base/mapped_file.hpp"
#include "formats/etcd/version.hpp"

namespace salvor::tool::standin {

/// Upstream's first look at a file: that it is there. nullopt where it is, else its error.
std::optional<std::string> missing(const std::string& path);

/// Error: in_use.
Result<void> check_not_held(const MappedFile& file);
/// Opens a file for a status. Errors are etcdutl's words on a directory, an empty file, a pipe, or
/// what the system says; where etcdutl would wait (a FIFO) a sentence.
Result<MappedFile> open_status_file(const std::string& path, etcd::Line line);

/// What `work` finds in a file that nobody holds. Where a server has it, etcdutl would wait without
/// end, and this is a sentence. Who holds it is asked beside the work: the kernel takes 10 ms to
/// say.
template <class Work>
auto unless_held(const MappedFile& file, const Work& work) -> decltype(work()) {
    auto free = std::async(std::launch::async, [&] { return check_not_held(file); });
    auto answer = work();
    SALVOR_CHECK(free.get());
    SALVOR_CHECK(file.intact());
    return answer;
}

/// Opens a snapshot to be restored: without regard to locks, as etcdutl reads it. Errors:
/// upstream's words on what is no file, or too short for a trailer.
Result<Snapshot> open_restore_source(const std::string& path);

}  // namespace salvor::tool::standin
