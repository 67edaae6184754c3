#pragma once

#include <optional>
#include <vector>

#include "formats/base/result.hpp"
#include "formats/bbolt/carve/scan.hpp"

namespace salvor::recover {

/// What is known of a block, a place where a page may stand.
enum class Use : std::uint8_t {
    none,  ///< nothing that was given back stands there
    used,  ///< part of a page that something was given back of
    lost,  ///< a page was named there, and nothing could be read of it
};

/// The bytes of a damaged database, or of a piece of a disk: how its pages lie, where each is, and
/// what each block turned out to be. A byte a block, and 24 a page.
class Area {
 public:
    /// `bytes` must outlive it. Error: malformed (no page of a database is in it).
    static Result<Area> survey(Bytes bytes);

    /// Less the trailer.
    Bytes image() const { return image_; }
    std::size_t trailer_size() const { return trailer_size_; }
    const bbolt::Lay& lay() const { return lay_; }
    std::size_t page_size() const { return lay_.page_size; }
    /// Every leaf and branch that is whole by its shape, by id.
    const std::vector<bbolt::Sighting>& pages() const { return pages_; }

    /// Where a page may stand: its own place if that bears its id, wherever else its id is seen, and
    /// else its own place, whatever stands there.
    std::vector<std::uint64_t> places_of(bbolt::PageId id) const;
    /// Whether the page there bears the id of its place.
    bool is_in_place(std::uint64_t offset) const;

    std::size_t blocks() const { return uses_.size(); }
    std::uint64_t offset_of(std::size_t block) const { return lay_.phase() + block * page_size(); }
    /// The last block may be cut short.
    std::uint64_t size_of(std::size_t block) const;
    std::size_t block_at(std::uint64_t offset) const {
        return (offset - lay_.phase()) / page_size();
    }
    Use use(std::size_t block) const { return uses_[block]; }
    /// Of every block that these bytes touch; what is used stays so.
    void mark(std::uint64_t offset, std::uint64_t size, Use use);
    void forget_uses();
    /// A stretch of a used block of which no element tells; what is in it was not part of the page.
    struct Span {
        std::uint64_t offset, size;
    };
    const std::vector<Span>& unread() const { return unread_; }
    void add_unread(const std::vector<Span>& spans) {
        unread_.insert(unread_.end(), spans.begin(), spans.end());
    }

 private:
    Area() = default;
    Bytes image_;
    std::size_t trailer_size_ = 0;
    bbolt::Lay lay_;
    std::vector<bbolt::Sighting> pages_;
    std::vector<Use> uses_;
    std::vector<Span> unread_;
};

}  // namespace salvor::recover
