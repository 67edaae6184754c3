#pragma once

#include <optional>
#include <vector>

#include "core/upstream/image.hpp"

namespace salvor::upstream {

/// A bucket as bbolt holds it: a tree of pages, or a page image within a value.
struct Bucket {
    bbolt::PageId root{};
    Span value;  ///< where root is 0
    bool is_inline() const { return bbolt::number(root) == 0; }
};

/// Walks a bucket's entries as bbolt's Cursor does, also where the tree is not sound. Source: bbolt
/// cursor.go
class Cursor {
 public:
    Cursor(const Image& image, const Bucket& bucket) : image_(&image), bucket_(bucket) {}
    /// nullopt where there is none.
    Told<std::optional<Leaf>> first();
    Told<std::optional<Leaf>> next();
    /// The entry that a search for `key` ends at, which may be another one.
    Told<std::optional<Leaf>> seek(Span key);
    Told<std::optional<Leaf>> seek(Bytes key);

 private:
    struct Frame {
        Page page;
        std::int64_t index;
    };
    Told<Page> page(bbolt::PageId id) const;
    Told<void> push(bbolt::PageId id);
    Told<void> descend();
    Told<std::optional<Leaf>> entry() const;
    template <class Key>
    Told<std::optional<Leaf>> search(const Key& key);
    template <class Key>
    Told<std::int64_t> search_branch(const Page& page, const Key& key) const;
    template <class Key>
    Told<std::int64_t> search_leaf(const Page& page, const Key& key) const;

    const Image* image_;
    Bucket bucket_;
    std::vector<Frame> stack_;
};

/// The bucket of this name within another; nullopt where bbolt gives nil.
Told<std::optional<Bucket>> child_bucket(const Image& image, const Bucket& parent, Span name);
Told<std::optional<Bucket>> child_bucket(const Image& image, const Bucket& parent, Bytes name);

}  // namespace salvor::upstream
