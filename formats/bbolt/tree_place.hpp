#pragma once

#include <optional>
#include <string>
#include <vector>

#include "formats/bbolt/check.hpp"

namespace salvor::bbolt {

/// Where a page id was read.
struct Reference {
    std::uint64_t offset;
    std::optional<std::uint64_t> page;  ///< not known of a meta's: the offset tells
};

/// Where in the file's trees the check is; what it says there has that place.
class TreePlace {
 public:
    explicit TreePlace(const ProblemSink& problems) : problems_(problems) {}

    const std::string& bucket() const { return bucket_; }
    /// Pages from the bucket's root down; of an inline bucket, its holder's.
    const std::vector<std::uint64_t>& path() const { return path_; }
    bool is_inline() const { return inline_holder_.has_value(); }

    void descend(PageId page) { path_.push_back(number(page)); }
    void ascend() { path_.pop_back(); }
    /// Into a bucket below the one at hand at `nesting - 1`.
    void enter_bucket(Bytes name, std::size_t nesting);
    /// Into one that lies in an element of the page at hand; until leave_inline().
    void enter_inline(Bytes name, std::size_t nesting);
    void leave_inline();

    void report(Problem problem) const;
    void report(const char* check, const Reference& at, std::string message) const;
    void report(const char* check, const PageView& page, std::size_t i, std::string message) const;
    std::string where(const PageView& page) const;

 private:
    const ProblemSink& problems_;
    std::vector<Bytes> names_;  ///< of the present bucket and those around it
    std::string bucket_;        ///< the same as one path
    std::vector<std::uint64_t> path_;
    /// Page whose element is the inline bucket being checked, and the bucket that it is in.
    std::optional<std::uint64_t> inline_holder_;
    std::string holder_bucket_;
};

}  // namespace salvor::bbolt
