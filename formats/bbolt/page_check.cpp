#include "formats/bbolt/page_check.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "formats/base/checksum.hpp"

namespace salvor::bbolt {
namespace {

constexpr std::size_t max_key_shown = 24;

std::string shown(Bytes key) {
    return hex(key.substr(0, max_key_shown)) + (key.size() > max_key_shown ? "..." : "");
}

/// The first byte that is not zero; npos where all are. The slack is a good part of a file, so it
/// is read at the memory's speed, 64 bytes at a time.
std::size_t first_nonzero(Bytes bytes) {
    std::size_t at = 0;
    for (; at + 64 <= bytes.size(); at += 64) {
        std::array<std::uint64_t, 8> words;
        std::memcpy(words.data(), bytes.data() + at, sizeof words);
        if ((words[0] | words[1] | words[2] | words[3] | words[4] | words[5] | words[6] |
             words[7]) != 0)
            break;
    }
    return bytes.find_first_not_of('\0', at);
}

}  // namespace

PageCheck::PageCheck(const TreePlace& place, const PageView& page, const KeyRange& range)
    : place_(place),
      page_(page),
      range_(range),
      packed_end_(page_header_size + page.count() * element_size) {}

bool PageCheck::element(std::size_t i) {
    if (!page_.fits(i)) {
        place_.report(page_.misfit(i));
        bounds_sound_ = false;
        return false;
    }
    const Bytes its_key = page_.key(i);
    const std::size_t size =
        its_key.size() + (page_.type() == PageType::leaf ? page_.leaf_element(i).vsize : 0);
    packing(i, {its_key.data(), size});
    key(i, its_key);
    return true;
}

void PageCheck::packing(std::size_t i, Bytes data) {
    const auto begin = static_cast<std::uint64_t>(data.data() - page_.run().data());
    if (begin != packed_end_ && packed_ && bounds_sound_) {
        packed_ = false;
        place_.report(
            "element-packing", page_, i,
            fmt::format("its key begins at byte {} of the page, bbolt would have written it at {}",
                        begin, packed_end_));
    }
    packed_end_ = std::max(packed_end_, begin + data.size());
}

void PageCheck::key(std::size_t i, Bytes key) {
    const auto report = [&](const char* check, std::string message) {
        place_.report(check, page_, i, std::move(message));
    };
    if (key.empty()) report("key-empty", "its key is empty");
    if (key.size() > max_key_size) {
        report("key-size",
               fmt::format("its key of {} bytes is longer than {}", key.size(), max_key_size));
    }
    if (last_key_ && key <= *last_key_) {
        report("key-order",
               fmt::format("its key {} is {} the one before, {}", shown(key),
                           key == *last_key_ ? "the same as" : "below", shown(*last_key_)));
    }
    if (in_range_ && range_.low && key < *range_.low) {
        in_range_ = false;
        report("key-range", fmt::format("its key {} is below the branch key {}", shown(key),
                                        shown(*range_.low)));
    } else if (i == 0 && range_.low && key != *range_.low) {
        report("branch-key", fmt::format("its key {} is the page's first, the branch key is {}",
                                         shown(key), shown(*range_.low)));
    }
    if (in_range_ && range_.high && key >= *range_.high) {
        in_range_ = false;
        report("key-range", fmt::format("its key {} is not below the next branch key {}",
                                        shown(key), shown(*range_.high)));
    }
    last_key_ = key;
}

void PageCheck::slack(std::size_t page_size) const {
    if (!bounds_sound_ || !packed_) return;
    const std::uint64_t needed = (packed_end_ + page_size - 1) / page_size;
    const std::uint64_t has =
        place_.is_inline() ? needed : std::uint64_t{page_.header().overflow} + 1;
    // Early bbolt took a page more than needed where the data ended with a page (node.spill).
    if (has > needed + (packed_end_ % page_size == 0 ? 1 : 0)) {
        place_.report("page-excess", {page_.offset() + 12, number(page_.id())},
                      fmt::format("page {}: overflow {}, but its elements end in overflow page {}",
                                  number(page_.id()), page_.header().overflow, needed - 1));
    }
    const auto slack = page_.run().substr(packed_end_, needed * page_size - packed_end_);
    if (const auto at = first_nonzero(slack); at != Bytes::npos) {
        place_.report("page-slack", {page_.offset() + packed_end_ + at, number(page_.id())},
                      fmt::format("{}: byte {} behind its last element at {} is not zero",
                                  place_.where(page_), packed_end_ + at, packed_end_));
    }
}

}  // namespace salvor::bbolt
