#include "core/upstream/image.hpp"

#include <unistd.h>

#include <algorithm>

#include "formats/base/checksum.hpp"

namespace salvor::upstream {
namespace {

constexpr std::uint64_t probe_size = 0x1000;            // db.go getPageSize's buffer
constexpr std::uint64_t max_map_size = 0xFFFFFFFFFFFF;  // internal/common/bolt_amd64.go
constexpr std::uint64_t max_slice = 0x7FFFFFFF;         // internal/common/types.go MaxAllocSize

std::uint64_t host_page() {
    return static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

/// nullptr where the meta is valid, else bbolt's text.
const char* meta_flaw(const char* at) {
    const auto meta = bbolt::Meta::load(at);
    if (meta.magic != bbolt::magic) return "invalid database";
    if (meta.version != bbolt::version) return "version mismatch";
    if (meta.checksum != fnv1a_64({at, bbolt::meta_checksum_at})) return "checksum error";
    return nullptr;
}

}  // namespace

std::string type_name(std::uint16_t flags) {
    switch (static_cast<bbolt::PageType>(flags)) {
        case bbolt::PageType::branch: return "branch";
        case bbolt::PageType::leaf: return "leaf";
        case bbolt::PageType::meta: return "meta";
        case bbolt::PageType::freelist: return "freelist";
    }
    return fmt::format("unknown<{:02x}>", flags);
}

std::unexpected<Stop> panics(std::string text, std::string sentence) {
    return std::unexpected(Stop{Stop::Kind::panic, std::move(text), std::move(sentence)});
}
std::unexpected<Stop> never_ends(std::string sentence) {
    return std::unexpected(Stop{Stop::Kind::endless, {}, std::move(sentence)});
}

Image::Image(Bytes file, etcd::Line line)
    : data_(file.data()),
      size_(file.size()),
      extent_((file.size() + host_page() - 1) / host_page() * host_page()),
      line_(line) {}

Result<Image> Image::open(Bytes file, etcd::Line line) {
    Image image(file, line);
    SALVOR_CHECK(image.find_page_size());
    SALVOR_CHECK(image.choose_meta());
    return image;
}

Result<void> Image::find_page_size() {
    const auto valid_at = [&](std::uint64_t at) {
        return !meta_flaw(data_ + at + bbolt::page_header_size);
    };
    const auto size_at = [&](std::uint64_t at) {
        return bbolt::Meta::load(data_ + at + bbolt::page_header_size).page_size;
    };
    bool readable = size_ >= probe_size;
    if (readable && valid_at(0)) {
        page_size_ = size_at(0);
        return {};
    }
    for (int i = 0; i <= 14; ++i) {
        const std::uint64_t at = std::uint64_t{1024} << i;
        if (at + 1024 >= size_) break;
        readable = true;
        if (valid_at(at)) {
            page_size_ = size_at(at);
            return {};
        }
    }
    if (!readable) return fail(ErrorCode::malformed, "invalid database");
    page_size_ = host_page();
    return {};
}

Result<void> Image::choose_meta() {
    if (page_size_ > max_map_size || size_ < 2 * page_size_) {
        const bool says_size = line_ >= etcd::Line::v3_6;
        return fail(ErrorCode::malformed, "file size too small{}",
                    says_size ? fmt::format(" {}", size_) : "");
    }
    const char* first = data_ + bbolt::page_header_size;
    const char* second = first + page_size_;
    // A page size of 0 or below a meta's is a division or a fault away from upstream's end.
    if (page_size_ < bbolt::page_header_size + bbolt::meta_size) {
        return fail(ErrorCode::malformed,
                    "page size {} in the meta page is none that a database can have", page_size_);
    }
    const char* first_flaw = meta_flaw(first);
    const char* second_flaw = meta_flaw(second);
    if (first_flaw && second_flaw) return fail(ErrorCode::malformed, "{}", first_flaw);
    const auto a = bbolt::Meta::load(first), b = bbolt::Meta::load(second);
    const bool take_second =
        first_flaw || (!second_flaw && bbolt::number(b.txid) > bbolt::number(a.txid));
    meta_ = take_second ? b : a;
    return {};
}

std::unexpected<Stop> Image::fault(std::uint64_t offset, std::uint64_t size,
                                   std::string what) const {
    return std::unexpected(
        Stop{Stop::Kind::fault,
             {},
             fmt::format("{} at byte {} reaches {} bytes, the file ends at byte {}", what, offset,
                         size, size_)});
}

Told<Page> Image::unchecked_page(bbolt::PageId id) const {
    const std::uint64_t at = bbolt::number(id) * page_size_;  // wraps as upstream's does
    if (at >= max_map_size) {
        return panics(
            fmt::format("runtime error: index out of range [{}] with length {}", at, max_map_size),
            fmt::format("page {}: far beyond the file's end", bbolt::number(id)));
    }
    if (!has(at, bbolt::page_header_size)) {
        return fault(at, bbolt::page_header_size,
                     fmt::format("page {}: its header", bbolt::number(id)));
    }
    return Page{at, bbolt::PageHeader::load(data_ + at)};
}

Told<Page> Image::page(bbolt::PageId id) const {
    SALVOR_TRY(const Page page, unchecked_page(id));
    const auto& header = page.header;
    if (header.id != id) {
        return panics(
            fmt::format("assertion failed: Page expected to be: {}, but self identifies as {}",
                        bbolt::number(id), bbolt::number(header.id)),
            fmt::format("page {}: its header says page {}", bbolt::number(id),
                        bbolt::number(header.id)));
    }
    switch (static_cast<bbolt::PageType>(header.flags)) {
        case bbolt::PageType::branch:
        case bbolt::PageType::leaf:
        case bbolt::PageType::meta:
        case bbolt::PageType::freelist: return page;
    }
    return panics(
        fmt::format("assertion failed: page {}: has unexpected type/flags: {:x}", bbolt::number(id),
                    header.flags),
        fmt::format("page {}: flags 0x{:04x} are no page type", bbolt::number(id), header.flags));
}

Told<Page> Image::inline_page(Span value) const {
    const std::uint64_t at = value.offset + bbolt::bucket_header_size;
    if (!has(at, bbolt::page_header_size))
        return fault(at, bbolt::page_header_size, "an inline bucket's page header");
    return Page{at, bbolt::PageHeader::load(data_ + at)};
}

// Up to 1.3.12 a bit is enough; it matters where nothing has refused all but single ones.
bool Image::is(const Page& page, bbolt::PageType type) const {
    const auto flag = static_cast<std::uint16_t>(type);
    return line_ < etcd::Line::v3_6 ? (page.header.flags & flag) != 0 : page.header.flags == flag;
}
bool Image::is_leaf(const Page& page) const {
    return is(page, bbolt::PageType::leaf);
}
bool Image::is_branch(const Page& page) const {
    return is(page, bbolt::PageType::branch);
}
bool Image::is_freelist(const Page& page) const {
    return is(page, bbolt::PageType::freelist);
}

Told<Span> Image::slice(std::uint64_t element, std::uint64_t from, std::uint64_t to) const {
    if (to <= max_slice) return Span{element + from, to - from};
    return panics(fmt::format("runtime error: slice bounds out of range [::{}] with length {}", to,
                              max_slice),
                  fmt::format("the element at byte {} says that it ends {} bytes on", element, to));
}

Told<Leaf> Image::leaf(const Page& page, std::uint64_t index) const {
    const std::uint64_t at = page.offset + bbolt::page_header_size + index * bbolt::element_size;
    if (!has(at, bbolt::element_size)) {
        return fault(at, bbolt::element_size,
                     fmt::format("page {}: element {}", bbolt::number(page.header.id), index));
    }
    const auto e = bbolt::LeafElement::load(data_ + at);
    const std::uint64_t middle = std::uint64_t{e.pos} + e.ksize;
    SALVOR_TRY(const Span key, slice(at, e.pos, middle));
    SALVOR_TRY(const Span value, slice(at, middle, middle + e.vsize));
    return Leaf{key, value, (e.flags & bbolt::bucket_flag) != 0};
}

Told<Branch> Image::branch(const Page& page, std::uint64_t index) const {
    const std::uint64_t at = page.offset + bbolt::page_header_size + index * bbolt::element_size;
    if (!has(at, bbolt::element_size)) {
        return fault(at, bbolt::element_size,
                     fmt::format("page {}: element {}", bbolt::number(page.header.id), index));
    }
    const auto e = bbolt::BranchElement::load(data_ + at);
    SALVOR_TRY(const Span key, slice(at, e.pos, std::uint64_t{e.pos} + e.ksize));
    return Branch{key, e.child};
}

Told<Bytes> Image::read(Span span) const {
    if (!has(span.offset, span.size))
        return fault(span.offset, span.size, "an element's key or value");
    return Bytes(data_ + span.offset, span.size);
}

Told<int> Image::compare(std::uint64_t a, std::uint64_t a_size, const char* b,
                         std::uint64_t b_size) const {
    const std::uint64_t shorter = std::min(a_size, b_size);
    const std::uint64_t mapped = has(a, 0) ? std::min(shorter, extent_ - a) : 0;
    if (mapped > 0) {
        if (const int order = std::char_traits<char>::compare(data_ + a, b, mapped); order != 0)
            return order;
    }
    if (mapped < shorter) return fault(a, a_size, "a key");
    return a_size < b_size ? -1 : a_size > b_size ? 1 : 0;
}

Told<int> Image::compare(Span a, Bytes b) const {
    return compare(a.offset, a.size, b.data(), b.size());
}

Told<int> Image::compare(Span a, Span b) const {
    if (has(b.offset, b.size)) return compare(a.offset, a.size, data_ + b.offset, b.size);
    SALVOR_TRY(const Bytes whole, read(a));
    SALVOR_TRY(const int order, compare(b.offset, b.size, whole.data(), whole.size()));
    return -order;
}

}  // namespace salvor::upstream
