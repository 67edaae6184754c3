#include "tools/salvor/store.hpp"

#include "core/timeline/keyspace.hpp"

namespace salvor::tool {

Result<Store> Store::open(const std::string& source) {
    SALVOR_TRY(auto snapshot, Snapshot::open(source));
    if (!snapshot.database()) return std::unexpected(snapshot.database().error());
    SALVOR_TRY(const auto bounds, timeline::bounds(*snapshot.database()));
    return Store(std::move(snapshot), bounds.current);
}

}  // namespace salvor::tool
