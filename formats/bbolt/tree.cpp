#include "formats/bbolt/tree.hpp"

#include <algorithm>

namespace salvor::bbolt {
namespace {

/// How many pages ahead a page's header, and then what its elements name, is asked for.
constexpr std::size_t header_ahead = 12;
constexpr std::size_t keys_ahead = 6;
/// Of a page with more elements the first ones bring the rest along.
constexpr std::size_t most_asked = 16;
/// Of an element's key and value this much is asked for, too.
constexpr std::size_t line = 64;

/// Where a child of the branch page stands in the file; nullptr: not there, or beyond the last.
const char* child_at(const Database& db, const PageView& branch, std::size_t i) {
    if (i >= branch.count()) return nullptr;
    const auto id = number(branch.branch(i).child);
    return id < db.file_pages() ? db.image().data() + id * db.page_size() : nullptr;
}

/// Pages lie apart in the file, so the memory of those to come is asked for long before it is
/// read. Nothing is believed: what is asked for need not be there.
void ask_ahead(const Database& db, const PageView& branch, std::size_t next) {
    if (const auto* page = child_at(db, branch, next + header_ahead)) __builtin_prefetch(page);
    const auto* page = child_at(db, branch, next + keys_ahead);
    if (!page) return;
    const auto header = PageHeader::load(page);
    if (static_cast<PageType>(header.flags) != PageType::leaf) return;
    const auto room = (db.page_size() - page_header_size) / element_size;
    const auto asked = std::min({std::size_t{header.count}, most_asked, room});
    const auto left = static_cast<std::uint64_t>(db.image().data() + db.image().size() - page);
    for (std::size_t i = 0; i < asked; ++i) {
        const auto at = page_header_size + i * element_size;
        const auto key = at + LeafElement::load(page + at).pos;
        if (key + line >= left) continue;
        __builtin_prefetch(page + key);
        __builtin_prefetch(page + key + line);
    }
}

}  // namespace

Result<bool> Leaves::report(Problem problem) {
    problem.place.path = path();
    if (!sink_) return std::unexpected(as_error(problem));
    sink_(std::move(problem));
    return false;
}

Result<bool> Leaves::push(const std::expected<PageView, Problem>& page) {
    if (!page) return report(page.error());
    const auto refuse = [&](const char* check, std::string message) {
        Place place;
        place.offset = page->offset();
        place.page = number(page->id());
        return report({check, std::move(place), std::move(message)});
    };
    if (page->type() != PageType::branch && page->type() != PageType::leaf) {
        return refuse("page-type", fmt::format("page {}: flags 0x{:04x} inside a tree",
                                               number(page->id()), page->header().flags));
    }
    if (stack_.size() >= max_depth) {
        return refuse("tree-depth",
                      fmt::format("page {}: deeper than {} pages", number(page->id()), max_depth));
    }
    if (visited_.bound() > 0 && !visited_.insert(page->id())) {
        return refuse("page-shared",
                      fmt::format("page {}: reached a second time", number(page->id())));
    }
    stack_.push_back({*page, 0});
    return true;
}

Result<bool> Leaves::descend(PageId id) {
    return push(db_->check_page(id));
}

Result<const PageView*> Leaves::next() {
    index_ = 0;
    if (!started_) {
        started_ = true;
        SALVOR_CHECK(push(db_->check_first_page(bucket_)));
    } else if (!stack_.empty() && stack_.back().page.type() == PageType::leaf) {
        stack_.pop_back();  // the leaf given before
    }
    while (!stack_.empty()) {
        auto& top = stack_.back();
        if (top.page.type() == PageType::leaf) return &top.page;
        if (top.next_child == top.page.count()) {
            stack_.pop_back();
            continue;
        }
        if (visited_.bound() == 0) visited_ = PageSet(db_->file_pages());
        ask_ahead(*db_, top.page, top.next_child);
        const auto child = top.page.branch(top.next_child++).child;
        SALVOR_CHECK(descend(child));
    }
    return nullptr;
}

Result<const PageView*> Leaves::seek(Bytes key) {
    stack_.clear();
    visited_ = PageSet();
    started_ = true;
    SALVOR_CHECK(push(db_->check_first_page(bucket_)));
    while (!stack_.empty() && stack_.back().page.type() == PageType::branch) {
        auto& top = stack_.back();
        std::size_t child = top.page.lower_bound(key);
        const bool exact = child < top.page.count() && top.page.branch(child).key == key;
        if (!exact && child > 0) --child;
        if (child >= top.page.count()) return next();
        top.next_child = child + 1;
        SALVOR_TRY(const bool entered, descend(top.page.branch(child).child));
        if (!entered) return next();
    }
    if (stack_.empty()) return nullptr;
    const auto& leaf = stack_.back().page;
    const std::size_t at = leaf.lower_bound(key);
    if (at == leaf.count()) return next();
    index_ = at;
    return &leaf;
}

std::vector<std::uint64_t> Leaves::path() const {
    std::vector<std::uint64_t> ids;
    if (bucket_.is_inline()) return ids;
    ids.reserve(stack_.size());
    for (const auto& frame : stack_) ids.push_back(number(frame.page.id()));
    return ids;
}

}  // namespace salvor::bbolt
