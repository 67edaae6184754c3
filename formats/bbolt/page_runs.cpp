#include "formats/bbolt/page_runs.hpp"

namespace salvor::bbolt {

const char* name(PageState state) {
    switch (state) {
        case PageState::used: return "used";
        case PageState::free: return "free";
        case PageState::leaked: return "leaked";
    }
    return "unknown";
}

const char* type_name(std::uint16_t flags) {
    switch (static_cast<PageType>(flags)) {
        case PageType::branch: return "branch";
        case PageType::leaf: return "leaf";
        case PageType::meta: return "meta";
        case PageType::freelist: return "freelist";
    }
    return "unknown";
}

PageState state_of(const Structure& structure, PageId id) {
    if (structure.reached.contains(id)) return PageState::used;
    const bool is_stored = structure.listed_free.bound() > 0;
    return !is_stored || structure.listed_free.contains(id) ? PageState::free : PageState::leaked;
}

std::vector<PageRun> page_runs(const Database& db, const Structure& structure) {
    std::vector<PageRun> found;
    for (std::uint64_t id = 0; id < db.page_count(); ++id) {
        const PageState state = state_of(structure, PageId{id});
        const bool begins = structure.first_pages.contains(PageId{id});
        if (found.empty() || begins || found.back().state != state) {
            found.push_back({PageId{id}, 1, state});
        } else {
            ++found.back().pages;
        }
    }
    return found;
}

PageId run_start(const Structure& structure, PageId id) {
    if (!structure.reached.contains(id)) return id;
    std::uint64_t first = number(id);
    while (first > 0 && !structure.first_pages.contains(PageId{first})) --first;
    return PageId{first};
}

}  // namespace salvor::bbolt
