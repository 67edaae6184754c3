#include "core/upstream/cursor.hpp"

namespace salvor::upstream {
namespace {

// Far beyond any real tree; a cycle of pages is met as such a depth.
constexpr std::size_t max_depth = 1000;

std::unexpected<Stop> no_element(std::uint64_t count) {
    return panics("runtime error: index out of range [0] with length 0",
                  fmt::format("a branch page of {} elements on the way to a key", count));
}

}  // namespace

Told<Page> Cursor::page(bbolt::PageId id) const {
    if (!bucket_.is_inline()) return image_->page(id);
    if (bbolt::number(id) != 0) {
        return panics(
            fmt::format("inline bucket non-zero page access(2): {} != 0", bbolt::number(id)),
            fmt::format("an inline bucket at byte {} points to page {}", bucket_.value.offset,
                        bbolt::number(id)));
    }
    return image_->inline_page(bucket_.value);
}

Told<void> Cursor::push(bbolt::PageId id) {
    if (stack_.size() >= max_depth) {
        return never_ends(fmt::format("page {}: the way down to it is over {} pages long",
                                      bbolt::number(id), max_depth));
    }
    SALVOR_TRY(const Page found, page(id));
    stack_.push_back({found, 0});
    return {};
}

Told<void> Cursor::descend() {
    while (!image_->is_leaf(stack_.back().page)) {
        const auto& top = stack_.back();
        SALVOR_TRY(const Branch element,
                   image_->branch(top.page, static_cast<std::uint64_t>(top.index)));
        SALVOR_CHECK(push(element.child));
    }
    return {};
}

Told<std::optional<Leaf>> Cursor::entry() const {
    const auto& top = stack_.back();
    if (top.index >= top.page.header.count) return std::optional<Leaf>{};
    SALVOR_TRY(const Leaf leaf, image_->leaf(top.page, static_cast<std::uint64_t>(top.index)));
    return std::optional<Leaf>(leaf);
}

Told<std::optional<Leaf>> Cursor::first() {
    stack_.clear();
    SALVOR_CHECK(push(bucket_.root));
    SALVOR_CHECK(descend());
    if (stack_.back().page.header.count == 0) SALVOR_CHECK(next());
    return entry();
}

Told<std::optional<Leaf>> Cursor::next() {
    for (;;) {
        std::size_t depth = stack_.size();
        while (depth > 0 && stack_[depth - 1].index >= stack_[depth - 1].page.header.count - 1)
            --depth;
        if (depth == 0) return std::optional<Leaf>{};  // the stack stays as it is
        stack_.resize(depth);
        ++stack_.back().index;
        SALVOR_CHECK(descend());
        if (stack_.back().page.header.count > 0) return entry();
    }
}

// sort.Search's halving, which decides what is found where keys are not in order.
template <class Key>
Told<std::int64_t> Cursor::search_branch(const Page& page, const Key& key) const {
    std::uint64_t low = 0, high = page.header.count;
    bool exact = false;
    while (low < high) {
        const std::uint64_t middle = (low + high) / 2;
        SALVOR_TRY(const Branch element, image_->branch(page, middle));
        SALVOR_TRY(const int order, image_->compare(element.key, key));
        exact = exact || order == 0;
        (order < 0 ? low : high) = order < 0 ? middle + 1 : middle;
    }
    if (page.header.count == 0) return no_element(page.header.count);
    if (!exact && low > 0) --low;
    if (low >= page.header.count) return no_element(page.header.count);
    return static_cast<std::int64_t>(low);
}

template <class Key>
Told<std::int64_t> Cursor::search_leaf(const Page& page, const Key& key) const {
    std::uint64_t low = 0, high = page.header.count;
    while (low < high) {
        const std::uint64_t middle = (low + high) / 2;
        SALVOR_TRY(const Leaf element, image_->leaf(page, middle));
        SALVOR_TRY(const int order, image_->compare(element.key, key));
        (order < 0 ? low : high) = order < 0 ? middle + 1 : middle;
    }
    return static_cast<std::int64_t>(low);
}

template <class Key>
Told<std::optional<Leaf>> Cursor::search(const Key& key) {
    stack_.clear();
    bbolt::PageId id = bucket_.root;
    for (;;) {
        SALVOR_CHECK(push(id));
        auto& top = stack_.back();
        if (image_->is_leaf(top.page)) {
            SALVOR_TRY(top.index, search_leaf(top.page, key));
            return entry();
        }
        if (!image_->is_branch(top.page)) {
            const auto& header = top.page.header;
            return panics(
                fmt::format("invalid page type: {}: {:x}", bbolt::number(header.id), header.flags),
                fmt::format("page {}: flags 0x{:04x} inside a tree", bbolt::number(header.id),
                            header.flags));
        }
        SALVOR_TRY(top.index, search_branch(top.page, key));
        SALVOR_TRY(const Branch element,
                   image_->branch(top.page, static_cast<std::uint64_t>(top.index)));
        id = element.child;
    }
}

Told<std::optional<Leaf>> Cursor::seek(Span key) {
    return search(key);
}
Told<std::optional<Leaf>> Cursor::seek(Bytes key) {
    return search(key);
}

namespace {

std::unexpected<Stop> short_bucket(const Leaf& leaf, std::uint64_t index) {
    return panics(fmt::format("runtime error: index out of range [{}] with length {}", index,
                              leaf.value.size),
                  fmt::format("the bucket at byte {} has a value of {} bytes", leaf.key.offset,
                              leaf.value.size));
}

template <class Key>
Told<std::optional<Bucket>> find_child(const Image& image, const Bucket& parent, const Key& name) {
    Cursor cursor(image, parent);
    SALVOR_TRY(const auto found, cursor.seek(name));
    if (!found || !found->is_bucket) return std::optional<Bucket>{};
    SALVOR_TRY(const int order, image.compare(found->key, name));
    if (order != 0) return std::optional<Bucket>{};
    if (found->value.size == 0) return short_bucket(*found, 0);
    SALVOR_TRY(const Bytes header, image.read({found->value.offset, bbolt::bucket_header_size}));
    const auto stored = bbolt::BucketHeader::load(header.data());
    if (bbolt::number(stored.root) == 0 && found->value.size <= bbolt::bucket_header_size) {
        return short_bucket(*found, bbolt::bucket_header_size);
    }
    return std::optional<Bucket>(Bucket{stored.root, found->value});
}

}  // namespace

Told<std::optional<Bucket>> child_bucket(const Image& image, const Bucket& parent, Span name) {
    return find_child(image, parent, name);
}
Told<std::optional<Bucket>> child_bucket(const Image& image, const Bucket& parent, Bytes name) {
    return find_child(image, parent, name);
}

}  // namespace salvor::upstream
