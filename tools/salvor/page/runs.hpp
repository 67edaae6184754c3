#pragma once

#include <cstdint>
#include <vector>

#include "formats/bbolt/check.hpp"

namespace salvor::tool::page {

/// What a page is to the database, whatever its header says.
enum class State {
    used,    ///< a meta, the freelist, or part of a tree
    free,    ///< in the freelist; where none is stored, all that nothing leads to
    leaked,  ///< in no tree, and not in the stored freelist
};
const char* name(State state);
State state_of(const bbolt::Structure& structure, bbolt::PageId id);

/// Pages that belong together: a page with its overflow pages, or neighbours that are free or
/// leaked.
struct PageRun {
    bbolt::PageId first;
    std::uint64_t pages;
    State state;
};
std::vector<PageRun> runs(const bbolt::Database& db, const bbolt::Structure& structure);
/// The first page of the used run that `id` lies in; `id` itself where it is not used.
bbolt::PageId run_start(const bbolt::Structure& structure, bbolt::PageId id);

const char* type_name(std::uint16_t flags);

}  // namespace salvor::tool::page
