#pragma once

#include <cstdint>
#include <vector>

#include "formats/bbolt/check.hpp"

namespace salvor::bbolt {

/// What a page is to the database, whatever its header says.
enum class PageState {
    used,    ///< a meta, the freelist, or part of a tree
    free,    ///< in the freelist; where none is stored, all that nothing leads to
    leaked,  ///< in no tree, and not in the stored freelist
};
const char* name(PageState state);
PageState state_of(const Structure& structure, PageId id);

/// Pages that belong together: a page with its overflow pages, or neighbours that are free or
/// leaked.
struct PageRun {
    PageId first;
    std::uint64_t pages;
    PageState state;
};
std::vector<PageRun> page_runs(const Database& db, const Structure& structure);
/// The first page of the used run that `id` lies in; `id` itself where it is not used.
PageId run_start(const Structure& structure, PageId id);

/// "branch", "leaf", "meta", "freelist"; "unknown" of other flags.
const char* type_name(std::uint16_t flags);

}  // namespace salvor::bbolt
