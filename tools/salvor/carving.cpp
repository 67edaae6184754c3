#include "tools/salvor/carving.hpp"

#include <algorithm>

#include "core/recover/carve.hpp"
#include "tools/salvor/options.hpp"
#include "tools/salvor/progress.hpp"

namespace salvor::tool {

using timeline::Carved;

void add_carved(CLI::App& app, bool& carved) {
    add_flag(app, "--carved", carved,
             "join in what is left of deleted and older revisions in pages that are not used");
}

Result<std::vector<Carved>> carve_all(const ClusterViews& all) {
    std::vector<Carved> found;
    for (std::size_t i = 0; i < all.views.size(); ++i) {
        const Progress progress("carving " + all.sources[i]);
        SALVOR_TRY(const auto recovery,
                   recover::Recovery::run(all.views[i].snapshot().file().bytes()));
        for (const auto& row : recover::carve(*recovery)) {
            const auto carved = recover::for_timeline(*recovery, row);
            if (!carved.kv.key.empty()) found.push_back(carved);
        }
    }
    std::stable_sort(found.begin(), found.end(), [](const Carved& a, const Carved& b) {
        const auto x = a.row_key.revision, y = b.row_key.revision;
        return x != y ? x < y : a.whole && !b.whole;
    });
    const auto same = [](const Carved& a, const Carved& b) {
        return a.row_key.revision == b.row_key.revision;
    };
    found.erase(std::unique(found.begin(), found.end(), same), found.end());
    for (const auto& view : all.views)
        SALVOR_CHECK(timeline::drop_kept(found, view.cluster().db()));
    return found;
}

}  // namespace salvor::tool
