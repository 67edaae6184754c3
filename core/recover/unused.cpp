#include "core/recover/unused.hpp"

#include <algorithm>

#include "core/recover/leaf.hpp"
#include "formats/bbolt/carve/chain.hpp"
#include "formats/etcd/stray_row.hpp"

namespace salvor::recover {
namespace {

class Unused {
 public:
    Unused(const Area& area, const UnusedSink& sink)
        : area_(area), image_(area.image()), sink_(sink) {}

    void run() {
        search(0, std::min<std::uint64_t>(area_.lay().phase(), image_.size()));
        for (const auto& span : area_.unread()) search(span.offset, span.offset + span.size);
        for (std::size_t block = 0; block < area_.blocks();) {
            if (area_.use(block) == Use::used) {
                ++block;
            } else if (is_page(block)) {
                block = take_page(block);
            } else {
                block = take_stretch(block);
            }
        }
    }

 private:
    bool is_page(std::size_t block) const {
        return bbolt::is_page_shape(image_, area_.offset_of(block), area_.page_size());
    }
    /// Behind the blocks that go on from this one and are no pages themselves.
    std::size_t behind_tail(std::size_t block, std::size_t most) const {
        while (block < most && area_.use(block) != Use::used && !is_page(block)) ++block;
        return block;
    }
    std::size_t take_page(std::size_t block);
    std::size_t take_stretch(std::size_t block);
    void search(std::uint64_t from, std::uint64_t end);

    const Area& area_;
    Bytes image_;
    const UnusedSink& sink_;
};

/// A leaf or a branch; what of its overflow was overwritten since is no part of it.
std::size_t Unused::take_page(std::size_t block) {
    const auto offset = area_.offset_of(block);
    const auto header = bbolt::PageHeader::load(image_.data() + offset);
    if (static_cast<bbolt::PageType>(header.flags) != bbolt::PageType::leaf) return block + 1;
    const auto reading = read_leaf(area_, offset, {}, endless);
    // No leaf of this bucket: rows may stand in it all the same, behind what it has.
    if (reading.rows.empty()) return block + 1;
    const auto told = block + reading.size / area_.page_size();
    const auto behind = behind_tail(block + 1, std::max(told, block + 1));
    const auto end = std::min<std::uint64_t>(area_.offset_of(behind), image_.size());
    const bool sound = reading.sound && behind >= told;
    for (auto row : reading.rows) {
        row.source = row.source == Source::tree ? Source::orphan : Source::stray;
        row.in_sound_page = sound;
        if (row.value_at + row.value_size > end) {
            row.whole = false;
            row.value_size =
                static_cast<std::uint32_t>(row.value_at < end ? end - row.value_at : 0);
        }
        if (sink_.row) sink_.row(row);
    }
    if (sound && sink_.sound_page)
        sink_.sound_page(reading.rows.front().revision, reading.rows.back().revision);
    return behind;
}

/// Rows by their own form.
void Unused::search(std::uint64_t from, std::uint64_t end) {
    etcd::find_stray_rows(image_.substr(from, end - from), [&](const etcd::StrayRow& stray) {
        const auto at = from + stray.at, value_at = from + stray.value_at;
        FoundRow row{stray.row_key.revision, value_at, static_cast<std::uint32_t>(stray.value_size),
                     stray.row_key.tombstone};
        row.source = Source::stray;
        row.ended = stray.ended;
        row.whole = stray.whole && is_one_piece(area_, at, value_at + stray.value_size);
        if (sink_.row) sink_.row(row);
    });
}

std::size_t Unused::take_stretch(std::size_t block) {
    const auto behind = behind_tail(block + 1, area_.blocks());
    search(area_.offset_of(block), std::min<std::uint64_t>(area_.offset_of(behind), image_.size()));
    return behind;
}

}  // namespace

void for_each_unused_row(const Area& area, const UnusedSink& sink) {
    Unused(area, sink).run();
}

}  // namespace salvor::recover
