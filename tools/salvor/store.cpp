#include "tools/salvor/store.hpp"

#include "core/timeline/keyspace.hpp"
#include "tools/salvor/on_source.hpp"
#include "tools/salvor/opening.hpp"
#include "tools/salvor/progress.hpp"

namespace salvor::tool {

Result<Store> Store::open(const std::string& source, Revision revision) {
    SALVOR_TRY(auto snapshot, open_source(source));
    say_if_in_use(snapshot);
    if (!snapshot.database()) return std::unexpected(snapshot.database().error());
    const auto bounds = timeline::bounds(*snapshot.database());
    if (bounds) return Store(std::move(snapshot), bounds->current);
    if (revision == Revision::needed) return std::unexpected(bounds.error());
    say(fmt::format("{}: its revision could not be read, which is not asked for here: {}", source,
                    bounds.error().message));
    return Store(std::move(snapshot), 0);
}

}  // namespace salvor::tool
