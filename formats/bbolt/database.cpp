#include "formats/bbolt/database.hpp"

#include <algorithm>
#include <bit>
#include <cassert>

#include "formats/base/checksum.hpp"
#include "formats/bbolt/tree.hpp"

namespace salvor::bbolt {
namespace {

// Where bbolt looks for the second meta when the first is bad: at 1024, 2048 ... (db.go
// getPageSize).
constexpr std::uint64_t first_probe = 1024;
constexpr int probes = 15;
constexpr std::size_t max_name_shown = 128;

/// The page size that the first valid meta names, as bbolt looks for it; nullopt where none is
/// valid.
std::optional<std::size_t> find_page_size(Bytes image) {
    if (const auto first = meta_at(image, 0); first.valid()) return first.meta.page_size;
    for (int i = 0; i < probes; ++i) {
        const std::uint64_t at = first_probe << i;
        if (image.size() < first_probe || at >= image.size() - first_probe) break;
        if (const auto meta = meta_at(image, at); meta.valid()) return meta.meta.page_size;
    }
    // Below what bbolt tries, but a file can have it.
    if (const auto meta = meta_at(image, min_page_size); meta.valid()) return meta.meta.page_size;
    return {};
}

std::unexpected<Error> no_meta(Bytes image) {
    if (image.empty()) return fail(ErrorCode::malformed, "the file is empty");
    const auto first = meta_at(image, 0);
    if (!first.readable) {
        return fail(ErrorCode::malformed, "{} bytes are too few for a bbolt database",
                    image.size());
    }
    return fail_at(page_header_size, ErrorCode::malformed,
                   "no bbolt database: neither meta page is valid (meta 0: {})", first.flaw);
}

}  // namespace

MetaState meta_at(Bytes image, std::uint64_t page_offset) {
    MetaState state{};
    if (image.size() < page_offset + page_header_size + meta_size) {
        state.flaw = "the file ends before it";
        return state;
    }
    const char* at = image.data() + page_offset + page_header_size;
    state.readable = true;
    state.meta = Meta::load(at);
    const auto sum = fnv1a_64({at, meta_checksum_at});
    if (state.meta.magic != magic) {
        state.flaw = fmt::format("magic is 0x{:08x}, not 0x{:08x}", state.meta.magic, magic);
    } else if (state.meta.version != version) {
        state.flaw = fmt::format("version is {}, not {}", state.meta.version, version);
    } else if (state.meta.checksum != sum) {
        state.flaw =
            fmt::format("checksum is {:016x}, its bytes give {:016x}", state.meta.checksum, sum);
    }
    return state;
}

bool possible_page_size(std::uint64_t size) {
    return std::has_single_bit(size) && size >= min_page_size && size <= max_page_size;
}

void Meta::store(char* at) const {
    store_le(at, magic);
    store_le(at + 4, version);
    store_le(at + 8, page_size);
    store_le(at + 12, flags);
    store_le(at + 16, number(root));
    store_le(at + 24, root_sequence);
    store_le(at + 32, number(freelist));
    store_le(at + 40, number(high_water));
    store_le(at + 48, number(txid));
    store_le(at + 56, fnv1a_64({at, meta_checksum_at}));
}

Result<Database> Database::open(Bytes image, Reach reach) {
    const auto page_size = find_page_size(image);
    if (!page_size) return no_meta(image);
    if (!possible_page_size(*page_size)) {
        return fail_at(page_header_size + 8, ErrorCode::malformed,
                       "page size {} is no power of two from {} to {}", *page_size, min_page_size,
                       max_page_size);
    }
    if (image.size() < 2 * *page_size) {
        return fail(ErrorCode::malformed, "{} bytes are less than the two meta pages of {} bytes",
                    image.size(), *page_size);
    }
    const std::array metas{meta_at(image, 0), meta_at(image, *page_size)};
    const bool second_is_newer = metas[1].meta.txid > metas[0].meta.txid;
    int chosen = second_is_newer ? 1 : 0;
    if (!metas[chosen].valid()) chosen = 1 - chosen;
    if (!metas[chosen].valid()) return no_meta(image);
    // As bbolt: the page size is the one of the meta found first, whatever the chosen meta says.
    Database db(image, metas[chosen].meta, *page_size, reach);
    db.metas_ = metas;
    db.chosen_ = chosen;
    return db;
}

Database Database::with_meta(Bytes image, const Meta& meta, Reach reach) {
    assert(possible_page_size(meta.page_size));
    Database db(image, meta, meta.page_size, reach);
    db.metas_ = {meta_at(image, 0), meta_at(image, meta.page_size)};
    return db;
}

Database Database::with_reach(Reach reach) const {
    Database db = *this;
    db.reach_ = reach;
    return db;
}

std::uint64_t Database::page_count() const {
    return std::min<std::uint64_t>(file_pages(), number(meta_.high_water));
}

std::optional<PageHeader> Database::header(PageId id) const {
    if (number(id) >= file_pages()) return {};
    return PageHeader::load(image_.data() + number(id) * page_size());
}

Bytes Database::reach_of(std::uint64_t offset, std::uint64_t length) const {
    return image_.substr(offset, reach_ == Reach::file ? Bytes::npos : length);
}

std::expected<PageView, Problem> Database::frame_page(PageId id) const {
    const auto refuse = [&](const char* check, std::optional<std::uint64_t> offset,
                            std::string message) {
        Place place;
        place.offset = offset;
        place.page = number(id);
        return std::unexpected(Problem{check, std::move(place), std::move(message)});
    };
    const std::uint64_t pages = file_pages();
    if (number(id) >= number(meta_.high_water) && reach_ == Reach::page_run) {
        return refuse("page-range", {},
                      fmt::format("page {}: beyond the high-water mark {}", number(id),
                                  number(meta_.high_water)));
    }
    if (number(id) >= pages) {
        return refuse(
            "page-range", {},
            fmt::format("page {}: beyond the file's end, which holds {} pages", number(id), pages));
    }
    const std::uint64_t offset = number(id) * page_size();
    const auto header = PageHeader::load(image_.data() + offset);
    if (header.id != id) {
        return refuse(
            "page-id", offset,
            fmt::format("page {}: its header says page {}", number(id), number(header.id)));
    }
    const std::uint64_t run = std::uint64_t{header.overflow} + 1;
    if (run > page_count() - number(id) && reach_ == Reach::page_run) {
        return refuse("page-overflow", offset + 12,
                      fmt::format("page {}: overflow {} reaches beyond the last page, {}",
                                  number(id), header.overflow, page_count() - 1));
    }
    return PageView::frame(reach_of(offset, run * page_size()), offset);
}

std::expected<PageView, Problem> Database::check_page(PageId id) const {
    auto page = frame_page(id);
    if (!page) return page;
    return PageView::check(page->run(), page->offset());
}

Error as_error(const Problem& problem) {
    return {ErrorCode::malformed, problem.message, problem.place.offset};
}

Result<PageView> Database::page(PageId id) const {
    auto page = check_page(id);
    if (!page) return std::unexpected(as_error(page.error()));
    return *page;
}

std::expected<PageView, Problem> Database::check_first_page(const Bucket& bucket) const {
    if (!bucket.is_inline()) return check_page(bucket.root);
    if (bucket.inline_page.size() < page_header_size) {
        Place place;
        place.offset = bucket.inline_offset;
        return std::unexpected(
            Problem{"inline-bucket", std::move(place),
                    fmt::format("inline bucket: {} bytes are too few for its page header",
                                bucket.inline_page.size())});
    }
    const auto run = reach_of(bucket.inline_offset, bucket.inline_page.size());
    auto page = PageView::check(run, bucket.inline_offset);
    if (page && page->type() != PageType::leaf) {
        Place place;
        place.offset = bucket.inline_offset + 8;
        return std::unexpected(
            Problem{"inline-bucket", std::move(place), "inline bucket: its page is no leaf"});
    }
    return page;
}

Result<Bucket> Database::bucket_of(const LeafEntry& entry) const {
    if (entry.value.size() < bucket_header_size) {
        return fail_at(offset_of(entry.value.data()), ErrorCode::malformed,
                       "bucket {}: its value has {} bytes, a bucket's header alone needs {}",
                       entry.key.substr(0, max_name_shown), entry.value.size(), bucket_header_size);
    }
    const auto header = BucketHeader::load(entry.value.data());
    Bucket bucket{header.root, header.sequence, {}, 0};
    if (bucket.is_inline()) {
        bucket.inline_page = entry.value.substr(bucket_header_size);
        bucket.inline_offset = offset_of(bucket.inline_page.data());
    }
    return bucket;
}

/// The root's elements that are buckets.
Result<std::vector<LeafEntry>> Database::bucket_entries() const {
    std::vector<LeafEntry> found;
    Leaves leaves(*this, root());
    for (;;) {
        SALVOR_TRY(const PageView* leaf, leaves.next());
        if (!leaf) return found;
        for (std::size_t i = 0; i < leaf->count(); ++i) {
            if (const auto entry = leaf->leaf(i); entry.is_bucket) found.push_back(entry);
        }
    }
}

Result<std::vector<NamedBucket>> Database::buckets() const {
    SALVOR_TRY(const auto entries, bucket_entries());
    std::vector<NamedBucket> found;
    found.reserve(entries.size());
    for (const auto& entry : entries) {
        SALVOR_TRY(const auto bucket, bucket_of(entry));
        found.push_back({entry.key, bucket});
    }
    return found;
}

Result<std::optional<Bucket>> Database::bucket(Bytes name) const {
    SALVOR_TRY(const auto entries, bucket_entries());
    const auto found = std::find_if(entries.begin(), entries.end(),
                                    [&](const LeafEntry& entry) { return entry.key == name; });
    if (found == entries.end()) return std::optional<Bucket>{};
    return bucket_of(*found);
}

Result<std::optional<Bytes>> Database::get(const Bucket& bucket, Bytes key) const {
    Leaves leaves(*this, bucket);
    SALVOR_TRY(const PageView* leaf, leaves.seek(key));
    if (!leaf || leaves.index() >= leaf->count()) return std::optional<Bytes>{};
    const auto entry = leaf->leaf(leaves.index());
    if (entry.key != key || entry.is_bucket) return std::optional<Bytes>{};
    return std::optional<Bytes>(entry.value);
}

}  // namespace salvor::bbolt
