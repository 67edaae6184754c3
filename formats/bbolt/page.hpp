#pragma once

#include <expected>

#include "formats/base/bytes.hpp"
#include "formats/base/problem.hpp"
#include "formats/bbolt/layout.hpp"

namespace salvor::bbolt {

struct LeafEntry {
    Bytes key;
    Bytes value;
    bool is_bucket;
};
struct BranchEntry {
    Bytes key;
    PageId child;
};

/// How far an element may reach. bbolt itself never looks, so a stand-in for its tools has to read
/// on.
enum class Reach {
    page_run,  ///< within the page and its overflow pages
    file,      ///< anywhere within the file
};

/// One page run whose header and elements were bounds-checked when the view was made; it is then
/// walked without further checks, and every key and value is a view into the file.
class PageView {
 public:
    /// `run` starts at the page's header and ends where its elements may reach; `offset` is where
    /// it stands in the file. A problem found names its check and what was read.
    static std::expected<PageView, Problem> check(Bytes run, std::uint64_t offset);
    /// Checks type and count alone: each element must then be asked with fits() before it is read.
    /// For a checker, which goes on behind a bad element.
    static std::expected<PageView, Problem> frame(Bytes run, std::uint64_t offset);
    bool fits(std::size_t i) const;
    Problem misfit(std::size_t i) const;  ///< of an element that does not fit

    const PageHeader& header() const { return header_; }
    PageId id() const { return header_.id; }
    PageType type() const { return static_cast<PageType>(header_.flags); }
    std::size_t count() const { return header_.count; }
    std::uint64_t offset() const {
        return offset_;
    }  ///< in the file; of an inline page, of its image
    Bytes run() const { return run_; }

    LeafElement leaf_element(std::size_t i) const { return LeafElement::load(element(i)); }
    BranchElement branch_element(std::size_t i) const { return BranchElement::load(element(i)); }
    LeafEntry leaf(std::size_t i) const {
        const char* at = element(i);
        const auto e = LeafElement::load(at);
        return {
            {at + e.pos, e.ksize}, {at + e.pos + e.ksize, e.vsize}, (e.flags & bucket_flag) != 0};
    }
    BranchEntry branch(std::size_t i) const {
        const char* at = element(i);
        const auto e = BranchElement::load(at);
        return {{at + e.pos, e.ksize}, e.child};
    }
    Bytes key(std::size_t i) const {
        return type() == PageType::branch ? branch(i).key : leaf(i).key;
    }
    /// Where element i's fixed part stands in the file, for a finding's place.
    std::uint64_t element_offset(std::size_t i) const {
        return offset_ + page_header_size + i * element_size;
    }
    /// The first element whose key is not less than `key`; count() if none.
    std::size_t lower_bound(Bytes key) const;

    /// Of a freelist page: how many ids, and each.
    std::uint64_t freelist_count() const;
    PageId freelist_id(std::uint64_t i) const;
    std::uint64_t freelist_id_offset(std::uint64_t i) const;

 private:
    /// Key and value of an element: where they begin behind it, and how long they are together.
    struct Extent {
        std::uint64_t pos, ksize, vsize;
        std::uint64_t end() const { return pos + ksize + vsize; }
    };
    Extent extent(std::size_t i) const;
    const char* element(std::size_t i) const {
        return run_.data() + page_header_size + i * element_size;
    }
    std::uint64_t left_behind(std::size_t i) const {
        return run_.size() - page_header_size - i * element_size;
    }
    std::size_t first_freelist_id() const { return header_.count == freelist_long_count ? 1 : 0; }

    PageHeader header_{};
    Bytes run_;
    std::uint64_t offset_ = 0;
};

}  // namespace salvor::bbolt
