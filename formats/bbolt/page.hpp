#pragma once

#include <optional>

#include "formats/base/bytes.hpp"
#include "formats/base/problem.hpp"
#include "formats/base/result.hpp"
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

/// How far an element may reach. bbolt itself never looks, so a stand-in for its tools has to read on.
enum class Reach {
    page_run,  ///< within the page and its overflow pages
    file,      ///< anywhere within the file
};

/// One page run whose header and elements were bounds-checked when the view was made; it is then walked
/// without further checks, and every key and value is a view into the file.
class PageView {
  public:
    /// `run` starts at the page's header and is as long as the page and its overflow pages. `file_end` is
    /// where Reach::file ends. A problem found names its check and what was read.
    static std::expected<PageView, Problem> check(Bytes run, std::uint64_t offset, const char* file_end,
                                                  Reach reach);

    const PageHeader& header() const { return header_; }
    PageId id() const { return header_.id; }
    PageType type() const { return static_cast<PageType>(header_.flags); }
    std::size_t count() const { return header_.count; }
    std::uint64_t offset() const { return offset_; }  ///< in the file; of an inline page, of its image
    Bytes run() const { return run_; }

    LeafEntry leaf(std::size_t i) const {
        const char* at = element(i);
        const auto e = LeafElement::load(at);
        return {{at + e.pos, e.ksize}, {at + e.pos + e.ksize, e.vsize}, (e.flags & bucket_flag) != 0};
    }
    BranchEntry branch(std::size_t i) const {
        const char* at = element(i);
        const auto e = BranchElement::load(at);
        return {{at + e.pos, e.ksize}, e.child};
    }
    Bytes key(std::size_t i) const { return type() == PageType::branch ? branch(i).key : leaf(i).key; }
    /// Where element i's fixed part stands in the file, for a finding's place.
    std::uint64_t element_offset(std::size_t i) const {
        return offset_ + page_header_size + i * element_size;
    }
    /// The first element whose key is not less than `key`; count() if none.
    std::size_t lower_bound(Bytes key) const;

    /// Of a freelist page: how many ids, and each.
    std::uint64_t freelist_count() const;
    PageId freelist_id(std::uint64_t i) const;

  private:
    const char* element(std::size_t i) const {
        return run_.data() + page_header_size + i * element_size;
    }
    PageHeader header_{};
    Bytes run_;
    std::uint64_t offset_ = 0;
};

}  // namespace salvor::bbolt
