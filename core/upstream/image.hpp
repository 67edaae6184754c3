#pragma once

#include <expected>
#include <string>

#include "formats/base/result.hpp"
#include "formats/bbolt/layout.hpp"
#include "formats/etcd/version.hpp"

// A bbolt file as upstream's tools read it, for the stand-in: bbolt checks a page's id and flags
// and nothing else, so lengths and positions lead wherever they lead. Here they lead as far as
// bbolt's map has bytes. Source: bbolt db.go, internal/common/{page,unsafe}.go

namespace salvor::upstream {

/// Where upstream's tool would give no answer.
struct Stop {
    enum class Kind {
        panic,    ///< a Go panic; where bbolt recovers it, its text becomes the answer
        fault,    ///< a read outside the map, which no Go program survives
        endless,  ///< it would not end, or not before memory does
    };
    Kind kind;
    std::string panic;     ///< Go's own text, of a panic
    std::string sentence;  ///< what was found where, in our words
};

/// A value, or how upstream stops.
template <class T>
struct [[nodiscard]] Told : std::expected<T, Stop> {
    using std::expected<T, Stop>::expected;
};
/// bbolt's word for a page's type.
std::string type_name(std::uint16_t flags);
std::unexpected<Stop> panics(std::string text, std::string sentence);
std::unexpected<Stop> never_ends(std::string sentence);

/// Bytes somewhere in the map, not looked at yet: only reading them can fault.
struct Span {
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
};

struct Page {
    std::uint64_t offset = 0;  ///< in the file
    bbolt::PageHeader header{};
};

struct Leaf {
    Span key;
    Span value;
    bool is_bucket = false;
};
struct Branch {
    Span key;
    bbolt::PageId child{};
};

class Image {
 public:
    /// As bbolt opens it read-only. Errors carry bbolt's own texts, of the version that `line`
    /// uses. `file`: all of it, mapped; the rest of its last host page is readable and zero, as in
    /// any map.
    static Result<Image> open(Bytes file, etcd::Line line);

    etcd::Line line() const { return line_; }
    const bbolt::Meta& meta() const { return meta_; }
    std::uint64_t page_size() const { return page_size_; }
    /// Whole and broken pages that the map has bytes of.
    std::uint64_t mapped_pages() const { return (extent_ + page_size_ - 1) / page_size_; }
    std::uint64_t extent() const { return extent_; }
    Bytes file() const { return {data_, size_}; }
    /// The file and the zeros behind it in the map's last page.
    Bytes mapped() const { return {data_, extent_}; }

    /// Checks id and flags alone.
    Told<Page> page(bbolt::PageId id) const;
    /// Checks nothing.
    Told<Page> unchecked_page(bbolt::PageId id) const;
    /// The page image in an inline bucket's value, unchecked.
    Told<Page> inline_page(Span value) const;
    bool is_leaf(const Page& page) const;
    bool is_branch(const Page& page) const;
    bool is_freelist(const Page& page) const;
    /// Any index, whatever the page's count says.
    Told<Leaf> leaf(const Page& page, std::uint64_t index) const;
    Told<Branch> branch(const Page& page, std::uint64_t index) const;

    /// The bytes themselves.
    Told<Bytes> read(Span span) const;
    /// Below, equal to or above zero, as bytes.Compare; reads no further than the first difference.
    Told<int> compare(Span a, Span b) const;
    Told<int> compare(Span a, Bytes b) const;

 private:
    Image(Bytes file, etcd::Line line);
    bool is(const Page& page, bbolt::PageType type) const;
    bool has(std::uint64_t offset, std::uint64_t size) const {
        return offset <= extent_ && size <= extent_ - offset;
    }
    Told<int> compare(std::uint64_t a, std::uint64_t a_size, const char* b,
                      std::uint64_t b_size) const;
    Told<Span> slice(std::uint64_t element, std::uint64_t from, std::uint64_t to) const;
    std::unexpected<Stop> fault(std::uint64_t offset, std::uint64_t size, std::string what) const;
    Result<void> find_page_size();
    Result<void> choose_meta();

    const char* data_;
    std::uint64_t size_;
    std::uint64_t extent_;
    etcd::Line line_;
    std::uint64_t page_size_ = 0;
    bbolt::Meta meta_{};
};

}  // namespace salvor::upstream
