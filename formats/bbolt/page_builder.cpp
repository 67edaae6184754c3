#include "formats/bbolt/page_builder.hpp"

#include <cassert>

namespace salvor::bbolt {
namespace {

// A branch needs two children, or the tree above it would never end. Source: bbolt node.go
// MinKeysPerPage
constexpr std::size_t min_children = 2;

}  // namespace

bool PageBuilder::grows_into(std::size_t entry_size) const {
    const std::size_t room = count() == 0 ? page_size_ : pages() * page_size_;
    return size() + element_size + entry_size <= room;
}

bool PageBuilder::has_room_for(const LeafEntry& entry) const {
    if (count() == 0) return true;
    return count() < max_elements && grows_into(entry.key.size() + entry.value.size());
}

bool PageBuilder::has_room_for(const BranchEntry& entry) const {
    if (count() < min_children) return true;
    return count() < max_elements && grows_into(entry.key.size());
}

void PageBuilder::add(const LeafEntry& entry) {
    assert(type_ == PageType::leaf && count() < max_elements);
    elements_.push_back({static_cast<std::uint32_t>(entry.key.size()),
                         static_cast<std::uint32_t>(entry.value.size()),
                         entry.is_bucket ? bucket_flag : 0, PageId{0}});
    data_ += entry.key;
    data_ += entry.value;
    has_bucket_ = has_bucket_ || entry.is_bucket;
}

void PageBuilder::add(const BranchEntry& entry) {
    assert(type_ == PageType::branch && count() < max_elements);
    elements_.push_back({static_cast<std::uint32_t>(entry.key.size()), 0, 0, entry.child});
    data_ += entry.key;
}

std::string PageBuilder::encode(PageId id) const {
    const bool is_inline = id == PageId{0};
    std::string page(is_inline ? size() : pages() * page_size_, '\0');
    const auto overflow = is_inline ? 0 : static_cast<std::uint32_t>(pages() - 1);
    PageHeader{id, static_cast<std::uint16_t>(type_), static_cast<std::uint16_t>(count()), overflow}
        .store(page.data());
    std::size_t at = page_header_size;
    std::size_t data_at = page_header_size + count() * element_size;
    data_.copy(page.data() + data_at, data_.size());
    for (const auto& e : elements_) {
        const auto pos = static_cast<std::uint32_t>(data_at - at);
        if (type_ == PageType::leaf) {
            LeafElement{e.flags, pos, e.key_size, e.value_size}.store(page.data() + at);
        } else {
            BranchElement{pos, e.key_size, e.child}.store(page.data() + at);
        }
        at += element_size;
        data_at += std::size_t{e.key_size} + e.value_size;
    }
    return page;
}

void PageBuilder::clear() {
    elements_.clear();
    data_.clear();
    has_bucket_ = false;
}

std::string encode_bucket(PageId root, std::uint64_t sequence) {
    std::string value(bucket_header_size, '\0');
    BucketHeader{root, sequence}.store(value.data());
    return value;
}

std::string encode_inline_bucket(const PageBuilder& leaf, std::uint64_t sequence) {
    return encode_bucket(PageId{0}, sequence) + leaf.encode(PageId{0});
}

std::string encode_meta_page(PageId id, const Meta& meta) {
    std::string page(meta.page_size, '\0');
    PageHeader{id, static_cast<std::uint16_t>(PageType::meta), 0, 0}.store(page.data());
    meta.store(page.data() + page_header_size);
    return page;
}

Result<void> check_limits(Bytes key, std::uint64_t value_size) {
    if (key.empty()) return fail(ErrorCode::malformed, "a bbolt key cannot be empty");
    if (key.size() > max_key_size) {
        return fail(ErrorCode::too_large, "a key of {} bytes, bbolt takes {}", key.size(),
                    max_key_size);
    }
    if (value_size > max_value_size) {
        return fail(ErrorCode::too_large, "a value of {} bytes, bbolt takes {}", value_size,
                    max_value_size);
    }
    return {};
}

}  // namespace salvor::bbolt
