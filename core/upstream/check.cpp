#include "core/upstream/check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>

#include "core/upstream/cursor.hpp"
#include "formats/base/checksum.hpp"

namespace salvor::upstream {
namespace {

// Bounds of work that only a crafted file reaches, and where upstream would run on and on.
constexpr std::size_t max_depth = 1000;
constexpr std::size_t max_findings = 1'000'000;
constexpr std::uint64_t max_outlying_pages = 1'000'000;  // ids that the file has no bytes for

using Say = std::function<Told<void>(std::string)>;
using Path = std::vector<std::uint64_t>;

std::string words(const Path& path) {
    return fmt::format("[{}]", fmt::join(path, " "));
}

/// Page ids reached so far.
class Reached {
 public:
    explicit Reached(std::uint64_t pages) : seen_(pages + max_outlying_pages) {}
    Told<bool> insert(std::uint64_t id) {
        if (id >= seen_.size())
            return never_ends(fmt::format("page {}: so far beyond the file's end", id));
        const bool is_new = !seen_[id];
        seen_[id] = true;
        return is_new;
    }
    bool has(std::uint64_t id) const { return id < seen_.size() && seen_[id]; }

 private:
    std::vector<bool> seen_;
};

class Walk {
 public:
    Walk(const Image& image, Reached& reached, const std::vector<std::uint64_t>& freed, Say say)
        : image_(image), reached_(reached), freed_(freed), say_(std::move(say)) {}

    Told<void> bucket(const Bucket& bucket, std::size_t depth) {
        if (bucket.is_inline()) return {};
        if (depth > max_depth)
            return never_ends("buckets within buckets, deeper than any database has them");
        Path path{bbolt::number(bucket.root)};
        SALVOR_CHECK(pages(path));
        path.clear();
        SALVOR_CHECK(key_order(bucket.root, nullptr, nullptr, path));
        return children(bucket, depth);
    }

 private:
    Told<void> spend(std::uint64_t work) {
        work_ += work;
        // Each page is met three times in a sound tree, each element twice.
        if (work_ <= 64 * (image_.extent() / bbolt::element_size) + 1'000'000) return {};
        return never_ends("pages that are reached over and over again");
    }

    Told<void> pages(Path& path) {
        if (path.size() > max_depth)
            return never_ends(
                fmt::format("page {}: a branch that leads back to itself", path.back()));
        SALVOR_TRY(const Page page, image_.page(bbolt::PageId{path.back()}));
        SALVOR_CHECK(spend(1));
        SALVOR_CHECK(reach(page, path));
        if (!image_.is_branch(page)) return {};
        for (std::uint64_t i = 0; i < page.header.count; ++i) {
            SALVOR_TRY(const Branch element, image_.branch(page, i));
            path.push_back(bbolt::number(element.child));
            SALVOR_CHECK(pages(path));
            path.pop_back();
        }
        return {};
    }

    Told<void> reach(const Page& page, const Path& path) {
        const std::uint64_t id = bbolt::number(page.header.id);
        const std::uint64_t high_water = bbolt::number(image_.meta().high_water);
        if (id > high_water) {
            SALVOR_CHECK(say_(fmt::format("page {}: out of bounds: {} (stack: {})",
                                          static_cast<std::int64_t>(id),
                                          static_cast<std::int64_t>(high_water), words(path))));
        }
        for (std::uint64_t i = 0; i <= page.header.overflow; ++i) {
            SALVOR_TRY(const bool is_new, reached_.insert(id + i));
            if (!is_new) {
                SALVOR_CHECK(say_(
                    fmt::format("page {}: multiple references (stack: {})", id + i, words(path))));
            }
        }
        if (std::binary_search(freed_.begin(), freed_.end(), id)) {
            return say_(fmt::format("page {}: reachable freed", id));
        }
        if (image_.is_branch(page) || image_.is_leaf(page)) return {};
        return say_(fmt::format("page {}: invalid type: {} (stack: {})", id,
                                type_name(page.header.flags), words(path)));
    }

    /// The highest key below `id`; nullopt where there is none.
    Told<std::optional<Span>> key_order(bbolt::PageId id, const Span* least, const Span* bound,
                                        Path& path) {
        if (path.size() >= max_depth)
            return never_ends(
                fmt::format("page {}: a branch that leads back to itself", bbolt::number(id)));
        SALVOR_TRY(const Page page, image_.page(id));
        SALVOR_CHECK(spend(page.header.count));
        path.push_back(bbolt::number(id));
        std::optional<Span> highest;
        if (image_.is_branch(page)) {
            SALVOR_TRY(highest, branch_order(page, least, bound, path));
        } else if (image_.is_leaf(page)) {
            SALVOR_TRY(highest, leaf_order(page, least, bound, path));
        } else {
            const auto flags = image_.line() < etcd::Line::v3_6
                                   ? ""
                                   : fmt::format(" (flags: {:x})", page.header.flags);
            SALVOR_CHECK(
                say_(fmt::format("unexpected page type{} for pgId:{}", flags, bbolt::number(id))));
        }
        path.pop_back();
        return highest;
    }

    Told<std::optional<Span>> branch_order(const Page& page, const Span* least, const Span* bound,
                                           Path& path) {
        std::optional<Span> previous;
        if (least) previous = *least;
        std::optional<Span> highest;
        for (std::uint64_t i = 0; i < page.header.count; ++i) {
            SALVOR_TRY(const Branch element, image_.branch(page, i));
            SALVOR_CHECK(key(element.child, "branch", i, element.key, previous, bound, path));
            const Span* upper = bound;
            Branch next{};
            if (i + 1 < page.header.count) {
                SALVOR_TRY(next, image_.branch(page, i + 1));
                upper = &next.key;
            }
            SALVOR_TRY(highest, key_order(element.child, &element.key, upper, path));
            previous = highest;
        }
        return highest;
    }

    Told<std::optional<Span>> leaf_order(const Page& page, const Span* least, const Span* bound,
                                         Path& path) {
        std::optional<Span> previous;
        if (least) previous = *least;
        for (std::uint64_t i = 0; i < page.header.count; ++i) {
            SALVOR_TRY(const Leaf element, image_.leaf(page, i));
            SALVOR_CHECK(key(page.header.id, "leaf", i, element.key, previous, bound, path));
            previous = element.key;
        }
        return page.header.count > 0 ? previous : std::optional<Span>{};
    }

    Told<void> key(bbolt::PageId page, const char* kind, std::uint64_t index, Span key,
                   const std::optional<Span>& previous, const Span* bound, const Path& path) {
        const Span before = previous.value_or(Span{});
        const auto about = [&]() -> Told<std::pair<std::string, std::string>> {
            SALVOR_TRY(const Bytes stored, image_.read(key));
            SALVOR_TRY(const Bytes other, image_.read(before));
            return std::pair{hex(stored), hex(other)};
        };
        SALVOR_TRY(const int order, image_.compare(before, key));
        if (index == 0 && previous && order > 0) {
            SALVOR_TRY(const auto text, about());
            SALVOR_CHECK(
                say_(fmt::format("the first key[0]=(hex){} on {} page({}) needs to be >= the key "
                                 "in the ancestor ({}). Stack: {}",
                                 text.first, kind, bbolt::number(page), text.second, words(path))));
        }
        if (index > 0 && order >= 0) {
            SALVOR_TRY(const auto text, about());
            SALVOR_CHECK(
                say_(fmt::format("key[{}]=(hex){} on {} page({}) needs to be > (found {}) than "
                                 "previous element (hex){}. Stack: {}",
                                 index, text.first, kind, bbolt::number(page),
                                 order > 0 ? '<' : '=', text.second, words(path))));
        }
        if (!bound) return {};
        SALVOR_TRY(const int above, image_.compare(key, *bound));
        if (above < 0) return {};
        SALVOR_TRY(const auto text, about());
        return say_(
            fmt::format("key[{}]=(hex){} on {} page({}) needs to be < than key of the next element "
                        "in ancestor (hex){}. Pages stack: {}",
                        index, text.first, kind, bbolt::number(page), text.second, words(path)));
    }

    Told<void> children(const Bucket& parent, std::size_t depth) {
        Cursor cursor(image_, parent);
        SALVOR_TRY(auto entry, cursor.first());
        while (entry) {
            SALVOR_CHECK(spend(1));
            if (entry->is_bucket) {
                SALVOR_TRY(const auto child, child_bucket(image_, parent, entry->key));
                if (child) SALVOR_CHECK(bucket(*child, depth + 1));
            }
            SALVOR_TRY(entry, cursor.next());
        }
        return {};
    }

    const Image& image_;
    Reached& reached_;
    const std::vector<std::uint64_t>& freed_;
    Say say_;
    std::uint64_t work_ = 0;
};

Bucket root_of(const Image& image) {
    return {image.meta().root, {}};
}

/// The ids of a stored freelist, sorted.
Told<std::vector<std::uint64_t>> read_freelist(const Image& image) {
    SALVOR_TRY(const Page page, image.unchecked_page(image.meta().freelist));
    const auto& header = page.header;
    if (!image.is_freelist(page)) {
        return panics(fmt::format("invalid freelist page: {}, page type is {}",
                                  bbolt::number(header.id), type_name(header.flags)),
                      fmt::format("page {}: flags 0x{:04x} where the freelist should be",
                                  bbolt::number(image.meta().freelist), header.flags));
    }
    std::uint64_t at = page.offset + bbolt::page_header_size;
    std::uint64_t count = header.count;
    if (count == bbolt::freelist_long_count) {
        SALVOR_TRY(const Bytes first, image.read({at, 8}));
        count = load_le<std::uint64_t>(first.data());
        at += 8;
    }
    if (count > image.extent() / 8) {
        return panics("runtime error: makeslice: len out of range",
                      fmt::format("freelist page {}: {} ids do not fit in the file",
                                  bbolt::number(header.id), count));
    }
    SALVOR_TRY(const Bytes stored, image.read({at, count * 8}));
    std::vector<std::uint64_t> ids(count);
    for (std::uint64_t i = 0; i < count; ++i)
        ids[i] = load_le<std::uint64_t>(stored.data() + i * 8);
    std::sort(ids.begin(), ids.end());
    return ids;
}

/// Where no freelist is stored bbolt first walks the whole tree to make one, and what is wrong
/// there ends it: up to 1.4.3 always, since 1.5.0 by a panic that its check recovers.
Told<void> free_pages(const Image& image) {
    const auto say = [&](std::string finding) -> Told<void> {
        auto sentence = finding;
        auto stop =
            panics(fmt::format("freepages: failed to get all reachable pages ({})", finding),
                   std::move(sentence));
        if (image.line() < etcd::Line::v3_7) stop.error().kind = Stop::Kind::fault;
        return stop;
    };
    Reached reached(image.mapped_pages());
    const std::vector<std::uint64_t> none;
    auto walked = Walk(image, reached, none, say).bucket(root_of(image), 0);
    // Its own goroutine has nobody to recover a panic of the walk itself.
    if (!walked && walked.error().panic.rfind("freepages:", 0) != 0)
        walked.error().kind = Stop::Kind::fault;
    return walked;
}

Told<void> check_all(const Image& image, const Say& say) {
    std::vector<std::uint64_t> freed;
    const bool stored = image.meta().freelist != bbolt::no_freelist;
    if (stored) {
        SALVOR_TRY(freed, read_freelist(image));
    } else {
        SALVOR_CHECK(free_pages(image));
    }
    for (std::size_t i = 1; i < freed.size(); ++i) {
        if (freed[i] == freed[i - 1])
            SALVOR_CHECK(say(fmt::format("page {}: already freed", freed[i])));
    }
    Reached reached(image.mapped_pages());
    for (const std::uint64_t id : {0, 1}) {
        SALVOR_CHECK(image.page(bbolt::PageId{id}));
        SALVOR_CHECK(reached.insert(id));
    }
    if (stored) {
        SALVOR_TRY(const Page list, image.page(image.meta().freelist));
        for (std::uint64_t i = 0; i <= list.header.overflow; ++i) {
            SALVOR_CHECK(reached.insert(bbolt::number(image.meta().freelist) + i));
        }
    }
    SALVOR_CHECK(Walk(image, reached, freed, say).bucket(root_of(image), 0));
    if (!stored) return {};  // what the walk did not reach is free by definition
    for (std::uint64_t id = 0; id < bbolt::number(image.meta().high_water); ++id) {
        if (reached.has(id) || std::binary_search(freed.begin(), freed.end(), id)) continue;
        SALVOR_CHECK(say(fmt::format("page {}: unreachable unfreed", id)));
    }
    return {};
}

}  // namespace

Told<std::vector<std::string>> check(const Image& image) {
    std::vector<std::string> findings;
    const auto say = [&](std::string finding) -> Told<void> {
        if (findings.size() >= max_findings)
            return never_ends(
                fmt::format("over {} findings, the first: {}", max_findings, findings[0]));
        findings.push_back(std::move(finding));
        return {};
    };
    auto checked = check_all(image, say);
    if (checked) return findings;
    const Stop& stop = checked.error();
    if (stop.kind != Stop::Kind::panic || image.line() < etcd::Line::v3_7)
        return std::unexpected(stop);
    // A Go run-time error is an error value and is told as it is, any other panic by its word.
    const bool is_error = stop.panic.rfind("runtime error:", 0) == 0;
    findings.push_back(is_error ? stop.panic : "panic: " + stop.panic);
    return findings;
}

Told<void> open_for_writing(const Image& image) {
    if (image.meta().freelist == bbolt::no_freelist) return free_pages(image);
    SALVOR_CHECK(read_freelist(image));
    return {};
}

Told<void> commit_once(const Image& image) {
    if (image.meta().freelist == bbolt::no_freelist) return {};
    SALVOR_TRY(const auto freed, read_freelist(image));
    for (const auto page : {image.meta().root, image.meta().freelist}) {
        if (std::binary_search(freed.begin(), freed.end(), bbolt::number(page))) {
            return panics(
                fmt::format("page {} already freed", bbolt::number(page)),
                fmt::format("page {} is in use and in the freelist", bbolt::number(page)));
        }
    }
    return {};
}

}  // namespace salvor::upstream
