#include "tools/salvor/page/runs.hpp"

namespace salvor::tool::page {

using bbolt::number;
using bbolt::PageId;

const char* name(State state) {
    switch (state) {
        case State::used: return "used";
        case State::free: return "free";
        case State::leaked: return "leaked";
    }
    return "unknown";
}

const char* type_name(std::uint16_t flags) {
    switch (static_cast<bbolt::PageType>(flags)) {
        case bbolt::PageType::branch: return "branch";
        case bbolt::PageType::leaf: return "leaf";
        case bbolt::PageType::meta: return "meta";
        case bbolt::PageType::freelist: return "freelist";
    }
    return "unknown";
}

State state_of(const bbolt::Structure& structure, PageId id) {
    if (structure.reached.contains(id)) return State::used;
    const bool is_stored = structure.listed_free.bound() > 0;
    return !is_stored || structure.listed_free.contains(id) ? State::free : State::leaked;
}

std::vector<PageRun> runs(const bbolt::Database& db, const bbolt::Structure& structure) {
    std::vector<PageRun> found;
    for (std::uint64_t id = 0; id < db.page_count(); ++id) {
        const State state = state_of(structure, PageId{id});
        const bool begins = structure.first_pages.contains(PageId{id});
        if (found.empty() || begins || found.back().state != state) {
            found.push_back({PageId{id}, 1, state});
        } else {
            ++found.back().pages;
        }
    }
    return found;
}

PageId run_start(const bbolt::Structure& structure, PageId id) {
    if (!structure.reached.contains(id)) return id;
    std::uint64_t first = number(id);
    while (first > 0 && !structure.first_pages.contains(PageId{first})) --first;
    return PageId{first};
}

}  // namespace salvor::tool::page
