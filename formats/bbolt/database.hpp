#pragma once

#include <array>
#include <string>
#include <vector>

#include "formats/base/result.hpp"
#include "formats/bbolt/page.hpp"

namespace salvor::bbolt {

/// One of the two metas, valid or not. Source: bbolt internal/common/meta.go Validate.
struct MetaState {
    Meta meta;
    bool readable = false;  ///< the file is long enough to hold it
    std::string flaw;       ///< why bbolt would not take it; empty: valid
    bool valid() const { return readable && flaw.empty(); }
};

/// The meta of the page that starts at this byte of the file.
MetaState meta_at(Bytes image, std::uint64_t page_offset);

bool possible_page_size(std::uint64_t size);

/// A bucket: a tree of its own, or one page image inside its value.
struct Bucket {
    PageId root{};
    std::uint64_t sequence = 0;
    Bytes inline_page;  ///< the page image where root is 0
    std::uint64_t inline_offset = 0;
    bool is_inline() const { return number(root) == 0; }
};

struct NamedBucket {
    Bytes name;
    Bucket bucket;
};

/// A bbolt file's pages by id, and its buckets by name. It reads the bytes it is given and nothing
/// else, keeps no lock, changes nothing; the bytes must outlive it and all views it gives.
class Database {
 public:
    /// Finds the page size and chooses the meta as bbolt does (db.go getPageSize and meta()): the
    /// higher txid of the valid ones. Errors: malformed (no valid meta, an impossible page size,
    /// under two pages). Bytes behind the high-water mark are ignored, so a snapshot's trailer may
    /// stay on.
    static Result<Database> open(Bytes image, Reach reach = Reach::page_run);
    /// For recovery and tests: reads with this meta, whatever the file says. Its page size must be
    /// a possible one (possible_page_size).
    static Database with_meta(Bytes image, const Meta& meta, Reach reach = Reach::page_run);

    /// The same database, read with another reach.
    Database with_reach(Reach reach) const;

    Bytes image() const { return image_; }
    std::size_t page_size() const { return page_size_; }
    const Meta& meta() const { return meta_; }
    const std::array<MetaState, 2>& metas() const { return metas_; }
    int chosen_meta() const { return chosen_; }
    /// Whole pages that are in the file and below the high-water mark.
    std::uint64_t page_count() const;
    /// Whole pages in the file.
    std::uint64_t file_pages() const { return image_.size() / page_size_; }
    /// high_water * page_size: what bbolt calls the database's size.
    std::uint64_t logical_size() const { return number(meta_.high_water) * page_size(); }
    bool stores_freelist() const { return meta_.freelist != no_freelist; }

    /// The page run that starts at `id`, its bounds checked. Fails when the id is out of range, the
    /// page says another id, or a length does not fit.
    std::expected<PageView, Problem> check_page(PageId id) const;
    Result<PageView> page(PageId id) const;
    /// The same without its elements' bounds: see PageView::frame.
    std::expected<PageView, Problem> frame_page(PageId id) const;
    /// The header alone, unchecked; nullopt beyond the file.
    std::optional<PageHeader> header(PageId id) const;

    Bucket root() const { return {meta_.root, meta_.root_sequence, {}, 0}; }
    /// The first page of a bucket: its root page, or its inline image.
    std::expected<PageView, Problem> check_first_page(const Bucket& bucket) const;
    /// The bucket that a leaf entry holds. Error: malformed, where its value is too short for one.
    Result<Bucket> bucket_of(const LeafEntry& entry) const;
    /// Top-level buckets in key order. Fails at the first unreadable page or bucket.
    Result<std::vector<NamedBucket>> buckets() const;
    /// nullopt where there is no such top-level bucket.
    Result<std::optional<Bucket>> bucket(Bytes name) const;
    /// The value of one key in a bucket; nullopt where it is absent.
    Result<std::optional<Bytes>> get(const Bucket& bucket, Bytes key) const;
    std::uint64_t offset_of(const char* at) const {
        return static_cast<std::uint64_t>(at - image_.data());
    }

 private:
    Database(Bytes image, const Meta& meta, std::size_t page_size, Reach reach)
        : image_(image), meta_(meta), page_size_(page_size), reach_(reach) {}
    Result<std::vector<LeafEntry>> bucket_entries() const;
    /// What an element that stands at `offset` may reach, `length` being its page run or inline
    /// value.
    Bytes reach_of(std::uint64_t offset, std::uint64_t length) const;

    Bytes image_;
    Meta meta_;
    std::size_t page_size_;
    Reach reach_;
    std::array<MetaState, 2> metas_{};
    int chosen_ = 0;
};

/// Turns a format problem into an Error, for callers that cannot go on.
Error as_error(const Problem& problem);

}  // namespace salvor::bbolt
