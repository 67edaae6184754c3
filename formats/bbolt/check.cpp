#include "formats/bbolt/check.hpp"

#include <algorithm>

#include "formats/bbolt/tree_check.hpp"

namespace salvor::bbolt {
namespace {

Problem problem(const char* check, std::uint64_t offset, std::optional<std::uint64_t> page,
                std::string message) {
    Place place;
    place.offset = offset;
    place.page = page;
    return {check, std::move(place), std::move(message)};
}

void check_meta(const Database& db, std::uint64_t i, const ProblemSink& problems) {
    const auto& state = db.metas()[i];
    const std::uint64_t offset = i * db.page_size();
    if (!state.valid()) {
        problems(
            problem("meta-invalid", offset + page_header_size, i,
                    fmt::format("meta {}: {}; meta {} is used", i, state.flaw, db.chosen_meta())));
    }
    const auto header = db.header(PageId{i});
    if (header &&
        (header->id != PageId{i} || header->flags != static_cast<std::uint16_t>(PageType::meta))) {
        problems(problem(
            "meta-header", offset, i,
            fmt::format(
                "page {}: its header has id {} and flags 0x{:04x}, a meta page has {} and 0x{:04x}",
                i, number(header->id), header->flags, i,
                static_cast<std::uint16_t>(PageType::meta))));
    }
    if (state.valid() && state.meta.page_size != db.page_size()) {
        problems(problem("meta-page-size", offset + page_header_size + 8, i,
                         fmt::format("meta {}: page size {}, the file's is {}", i,
                                     state.meta.page_size, db.page_size())));
    }
}

void check_metas(const Database& db, const ProblemSink& problems) {
    check_meta(db, 0, problems);
    check_meta(db, 1, problems);
    const auto& [a, b] = db.metas();
    if (!a.valid() || !b.valid()) return;
    const std::uint64_t low = std::min(number(a.meta.txid), number(b.meta.txid));
    const std::uint64_t high = std::max(number(a.meta.txid), number(b.meta.txid));
    const bool same =
        a.meta.checksum == b.meta.checksum;  // `bbolt surgery revert-meta-page` leaves them so
    if (high - low != 1 && !same) {
        problems(problem(
            "meta-txid", page_header_size + 48, 0,
            fmt::format("the metas are of transactions {} and {}, neither one apart nor the same",
                        number(a.meta.txid), number(b.meta.txid))));
    }
}

void check_length(const Database& db, const ProblemSink& problems) {
    const std::uint64_t high_water = number(db.meta().high_water);
    if (high_water <= db.file_pages()) return;
    problems(problem(
        "high-water", db.image().size(), {},
        fmt::format("the file ends after {} bytes, {} whole pages; the high-water mark {} needs {} "
                    "pages of {} "
                    "bytes",
                    db.image().size(), db.file_pages(), high_water, high_water, db.page_size())));
}

/// Where the used meta names the freelist's page.
std::uint64_t freelist_field(const Database& db) {
    return static_cast<std::uint64_t>(db.chosen_meta()) * db.page_size() + page_header_size + 32;
}

/// The freelist's page, where one is stored and readable.
std::optional<PageView> freelist_page(const Database& db, const ProblemSink& problems) {
    if (!db.stores_freelist()) return {};
    const PageId id = db.meta().freelist;
    if (number(id) < 2 || number(id) >= db.page_count()) {
        problems(problem("page-range", freelist_field(db), db.chosen_meta(),
                         fmt::format("the freelist is at page {}, but the pages are 2 to {}",
                                     number(id), db.page_count() - 1)));
        return {};
    }
    auto page = db.frame_page(id);
    if (!page) {
        problems(page.error());
        return {};
    }
    if (page->type() != PageType::freelist) {
        problems(problem(
            "page-type", page->offset() + 8, number(id),
            fmt::format("page {}: flags 0x{:04x}, the freelist's are 0x{:04x}", number(id),
                        page->header().flags, static_cast<std::uint16_t>(PageType::freelist))));
        return {};
    }
    return *page;
}

/// Range, order and duplicates; fills listed_free.
void check_freelist(const Database& db, const PageView& list, const ProblemSink& problems,
                    Structure& result) {
    const auto tell = [&](const char* check, std::uint64_t i, std::string message) {
        problems(problem(check, list.freelist_id_offset(i), number(list.id()),
                         fmt::format("freelist page {}: id {} of {}: {}", number(list.id()), i,
                                     list.freelist_count(), message)));
    };
    const std::uint64_t count = list.freelist_count();
    for (std::uint64_t i = 0; i < count; ++i) {
        const std::uint64_t id = number(list.freelist_id(i));
        const std::uint64_t last = i == 0 ? 0 : number(list.freelist_id(i - 1));
        if (id < 2 || id >= number(db.meta().high_water)) {
            tell("freelist-range", i,
                 fmt::format("page {} is not between 2 and the high-water mark {}", id,
                             number(db.meta().high_water)));
            continue;
        }
        if (id < last)
            tell("freelist-order", i, fmt::format("page {} stands behind page {}", id, last));
        if (id < result.listed_free.bound() && !result.listed_free.insert(PageId{id})) {
            // Of two equal neighbours either can be the wrong one.
            tell("freelist-duplicate", id == last ? i - 1 : i,
                 fmt::format("page {} is named twice", id));
        }
    }
}

void check_free_and_used(const PageView& list, const ProblemSink& problems,
                         const Structure& result) {
    for (std::uint64_t i = 0; i < list.freelist_count(); ++i) {
        const PageId id = list.freelist_id(i);
        if (!result.reached.contains(id)) continue;
        problems(problem("page-freed", list.freelist_id_offset(i), number(list.id()),
                         fmt::format("freelist page {}: page {} is in use, and named as free",
                                     number(list.id()), number(id))));
    }
}

/// Runs of pages that nobody knows, told one problem a run.
void check_leaks(const Database& db, const ProblemSink& problems, Structure& result) {
    const std::uint64_t end = db.page_count();
    const auto leaked = [&](std::uint64_t id) {
        return !result.reached.contains(PageId{id}) && !result.listed_free.contains(PageId{id});
    };
    for (std::uint64_t id = 2; id < end; ++id) {
        if (!leaked(id)) continue;
        std::uint64_t last = id;
        while (last + 1 < end && leaked(last + 1)) ++last;
        result.pages.leaked += last - id + 1;
        // Below a page that could not be walked anything may lie: those are no leaks.
        if (result.complete) {
            problems(problem(
                "page-leaked", id * db.page_size(), id,
                id == last
                    ? fmt::format("page {}: neither in use nor in the freelist", id)
                    : fmt::format("pages {} to {}: neither in use nor in the freelist", id, last)));
        }
        id = last;
    }
}

}  // namespace

Weight weight_of(const Problem& problem) {
    const auto* check = std::find_if(std::begin(checks), std::end(checks), [&](const Check& row) {
        return std::string_view(row.id) == problem.check;
    });
    return check == std::end(checks) ? Weight::lost : check->weight;
}

bool is_of_freelist(const Database& db, const Problem& problem) {
    const auto& place = problem.place;
    const auto freelist = db.meta().freelist;
    if (!db.stores_freelist() || freelist == db.meta().root) return false;
    return place.bucket.empty() && place.path.empty() &&
           (place.page == number(freelist) || place.offset == freelist_field(db));
}

Structure check(const Database& db, const ProblemSink& problems, const LeafSink& leaves) {
    Structure result;
    result.reached = PageSet(db.page_count());
    result.first_pages = PageSet(db.page_count());
    check_metas(db, problems);
    check_length(db, problems);
    for (const PageId meta : {PageId{0}, PageId{1}}) {
        result.reached.insert(meta);
        result.first_pages.insert(meta);
    }
    const auto list = freelist_page(db.with_reach(Reach::page_run), problems);
    if (list) {
        result.listed_free = PageSet(db.page_count());
        check_freelist(db, *list, problems, result);
        result.pages.freelist = std::uint64_t{list->header().overflow} + 1;
        result.first_pages.insert(list->id());
        for (std::uint64_t i = 0; i < result.pages.freelist; ++i) {
            result.reached.insert(PageId{number(list->id()) + i});
        }
    }
    TreeCheck(db, problems, leaves, result).run();
    if (list) {
        check_free_and_used(*list, problems, result);
        check_leaks(db, problems, result);
    }
    result.pages.free =
        list ? result.listed_free.count() : db.page_count() - result.reached.count();
    return result;
}

}  // namespace salvor::bbolt
