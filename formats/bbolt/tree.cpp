#include "formats/bbolt/tree.hpp"

#include <algorithm>

namespace salvor::bbolt {

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
