#include "formats/bbolt/tree_place.hpp"

#include <utility>

namespace salvor::bbolt {
namespace {

constexpr std::size_t max_name_shown = 128;

}  // namespace

void TreePlace::enter_bucket(Bytes name, std::size_t nesting) {
    names_.resize(nesting - 1);
    names_.push_back(name);
    bucket_.clear();
    for (const Bytes part : names_) {
        if (!bucket_.empty()) bucket_ += '/';
        bucket_ += part.substr(0, max_name_shown);
    }
}

void TreePlace::enter_inline(Bytes name, std::size_t nesting) {
    holder_bucket_ = bucket_;
    inline_holder_ = path_.back();
    enter_bucket(name, nesting);
}

void TreePlace::leave_inline() {
    inline_holder_.reset();
    bucket_ = std::exchange(holder_bucket_, {});
}

void TreePlace::report(Problem problem) const {
    problem.place.bucket = bucket_;
    problem.place.path = path_;
    if (inline_holder_) {
        problem.place.page = inline_holder_;
        problem.message =
            fmt::format("page {}: inline bucket: {}", *inline_holder_, problem.message);
    }
    problems_(std::move(problem));
}

void TreePlace::report(const char* check, const Reference& at, std::string message) const {
    Place place;
    place.offset = at.offset;
    place.page = at.page;
    report({check, std::move(place), std::move(message)});
}

void TreePlace::report(const char* check, const PageView& page, std::size_t i,
                       std::string message) const {
    Place place;
    place.offset = page.element_offset(i);
    place.page = number(page.id());
    place.key = std::string(page.key(i).substr(0, max_key_size));
    report({check, std::move(place), fmt::format("{}: element {}: {}", where(page), i, message)});
}

std::string TreePlace::where(const PageView& page) const {
    return inline_holder_ ? "its page image" : fmt::format("page {}", number(page.id()));
}

}  // namespace salvor::bbolt
