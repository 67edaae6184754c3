#pragma once

#include <string>
#include <vector>

#include "formats/base/result.hpp"
#include "formats/bbolt/page.hpp"

namespace salvor::bbolt {

/// Most elements of one page: the count has 16 bits, and bbolt's writer panics at 65535.
constexpr std::size_t max_elements = 0xFFFE;

/// Collects copies of the elements of one branch or leaf page run, in ascending order, and lays
/// them out as bbolt does: element array, then keys and values without a gap, then zeros to the end
/// of the last page.
class PageBuilder {
 public:
    PageBuilder(PageType type, std::size_t page_size) : type_(type), page_size_(page_size) {}

    /// Whether the entry goes in without a page more. An empty leaf takes any entry, a branch any
    /// two.
    bool has_room_for(const LeafEntry& entry) const;
    bool has_room_for(const BranchEntry& entry) const;
    void add(const LeafEntry& entry);
    void add(const BranchEntry& entry);

    std::size_t count() const { return elements_.size(); }
    Bytes first_key() const { return {data_.data(), elements_.front().key_size}; }
    /// Header, elements and data.
    std::size_t size() const { return page_header_size + count() * element_size + data_.size(); }
    /// Pages of the run.
    std::uint64_t pages() const { return (size() + page_size_ - 1) / page_size_; }
    /// Whether bbolt would keep this, the only leaf of its bucket, inline. Source: bbolt bucket.go
    /// inlineable
    bool is_inlineable() const { return size() <= page_size_ / 4 && !has_bucket_; }

    /// The whole pages; `id` 0 for the image inside an inline bucket, which is not padded.
    std::string encode(PageId id) const;
    void clear();

 private:
    struct Element {
        std::uint32_t key_size;
        std::uint32_t value_size;
        std::uint32_t flags;
        PageId child;
    };
    bool grows_into(std::size_t entry_size) const;
    PageType type_;
    std::size_t page_size_;
    std::vector<Element> elements_;
    std::string data_;
    bool has_bucket_ = false;
};

/// The value of a bucket with pages of its own, and of an inline one.
std::string encode_bucket(PageId root, std::uint64_t sequence);
std::string encode_inline_bucket(const PageBuilder& leaf, std::uint64_t sequence);
/// The page of a meta, its checksum computed.
std::string encode_meta_page(PageId id, const Meta& meta);

/// Errors: malformed (an empty key), too_large (bbolt's limits of a key and a value).
Result<void> check_limits(Bytes key, std::uint64_t value_size);

}  // namespace salvor::bbolt
