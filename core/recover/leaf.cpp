#include "core/recover/leaf.hpp"

#include <algorithm>

#include "formats/bbolt/carve/chain.hpp"
#include "formats/etcd/key_value.hpp"
#include "formats/etcd/stray_row.hpp"

namespace salvor::recover {
namespace {

using bbolt::element_size;
using bbolt::page_header_size;

constexpr std::uint64_t sector = 512;
constexpr std::uint64_t few_zeros = 8;

bool is_zero(Bytes bytes) {
    return bytes.find_first_not_of('\0') == Bytes::npos;
}

/// An element while its page is read.
struct Slot {
    std::uint64_t key_at = 0;
    std::uint64_t end = 0;  ///< behind the value
    std::optional<FoundRow> row;
    std::optional<etcd::RowKey> key;  ///< also where the value is of no use
    std::int64_t told_main = 0;       ///< what the value says, where that differs
};

class Reader {
 public:
    Reader(const Area& area, std::uint64_t offset, etcd::Revision low, etcd::Revision high)
        : area_(area), image_(area.image()), offset_(offset), low_(low), high_(high) {}

    LeafReading read() {
        const auto count = count_elements();
        for (std::size_t i = 0; i < count; ++i) slots_.push_back(read_slot(i));
        repair_keys();
        drop_disorder();
        find_end();
        add_pieces();
        finish(is_complete());
        return std::move(out_);
    }

 private:
    std::size_t count_elements();
    Slot read_slot(std::size_t i) const;
    /// As every KeyValue, and neither a row key nor padding.
    bool begins_record(std::uint64_t at) const {
        constexpr char key_tag = 0x0A;
        return at < image_.size() && image_[at] == key_tag;
    }
    bool is_in_order(bool as_values_say) const;
    void exchange_keys();
    void repair_keys();
    void drop_disorder();
    void find_end();
    bool is_complete() const;
    void add_pieces();
    void add_pieces_between(std::uint64_t from, std::uint64_t to);
    void finish(bool complete);
    void add_gaps();
    void add_gap(Gap gap);
    bool is_range(etcd::Revision revision) const { return low_ <= revision && revision < high_; }

    const Area& area_;
    Bytes image_;
    std::uint64_t offset_;
    etcd::Revision low_, high_;
    std::optional<bbolt::Chain> chain_;
    std::vector<Slot> slots_;
    std::uint64_t end_ = 0;  ///< of what belongs to the page
    std::uint64_t data_at_ = 0;
    LeafReading out_;
};

std::size_t Reader::count_elements() {
    const auto header = bbolt::PageHeader::load(image_.data() + offset_);
    chain_ = bbolt::chain_at(image_, offset_, bbolt::PageType::leaf);
    const std::uint64_t room =
        (std::min<std::uint64_t>(image_.size() - offset_, area_.page_size()) - page_header_size) /
        element_size;
    std::size_t count = chain_ ? chain_->count : 0;
    if (!chain_ && room > 0) {
        const auto first = bbolt::LeafElement::load(image_.data() + offset_ + page_header_size);
        // Which of the two is damaged is not known: the first key's place agrees with one of them.
        const auto told = first.pos % element_size == 0 ? first.pos / element_size : 0;
        count = told > 0 && told <= room ? told : header.count;
    }
    count = std::min<std::size_t>(count, chain_ ? count : room);
    data_at_ = offset_ + page_header_size + count * element_size;
    return count;
}

Slot Reader::read_slot(std::size_t i) const {
    Slot slot;
    const auto at = offset_ + page_header_size + i * element_size;
    const auto e = bbolt::LeafElement::load(image_.data() + at);
    slot.key_at = at + e.pos;
    const bool is_key = e.ksize == etcd::revision_size || e.ksize == etcd::tombstone_size;
    if (!is_key || slot.key_at < data_at_ || slot.key_at + e.ksize > image_.size()) return slot;
    slot.key = etcd::parse_row_key(image_.substr(slot.key_at, e.ksize));
    slot.end = slot.key_at + e.ksize + e.vsize;
    if (!slot.key || slot.end > image_.size() || e.flags != 0) return slot;
    const FoundRow row{slot.key->revision, slot.key_at + e.ksize, e.vsize, slot.key->tombstone};
    const auto value = row.value(image_);
    if (value.empty() && begins_record(slot.end)) return slot;  // its size was lost
    if (etcd::agrees(*slot.key, value)) {
        if (is_one_piece(area_, slot.key_at, slot.end)) slot.row = row;
    } else if (const auto kv = etcd::parse_key_value(value); kv && !slot.key->tombstone) {
        slot.told_main = kv->mod_revision;
        slot.row = row;
    }
    return slot;
}

bool Reader::is_in_order(bool as_values_say) const {
    std::optional<etcd::Revision> last;
    for (const auto& slot : slots_) {
        if (!slot.row) continue;
        auto revision = slot.row->revision;
        if (as_values_say && slot.told_main != 0) revision.main = slot.told_main;
        if (!is_range(revision) || (last && revision <= *last)) return false;
        last = revision;
    }
    return true;
}

/// A deletion's value has no revision: where the row beside it says that the deletion's is its own,
/// they have each other's.
void Reader::exchange_keys() {
    for (std::size_t i = 0; i + 1 < slots_.size(); ++i) {
        auto &a = slots_[i], &b = slots_[i + 1];
        if (!a.row || !b.row || a.row->tombstone == b.row->tombstone) continue;
        auto& put = a.row->tombstone ? b : a;
        const auto& deletion = a.row->tombstone ? a : b;
        if (put.told_main == 0 || put.told_main != deletion.row->revision.main) continue;
        std::swap(a.row->revision, b.row->revision);
        std::swap(a.key, b.key);
        a.row->source = b.row->source = Source::repaired;
        put.told_main = 0;
    }
}

/// A row whose key and value say different revisions: the value's, where the page is then in order.
void Reader::repair_keys() {
    const auto differs = [](const Slot& slot) { return slot.row && slot.told_main != 0; };
    exchange_keys();
    if (std::none_of(slots_.begin(), slots_.end(), differs)) return;
    // Where both could be right nothing tells which is.
    const bool repairs = is_in_order(true) && !is_in_order(false);
    for (auto& slot : slots_) {
        if (!differs(slot)) continue;
        if (!repairs) {
            slot.row.reset();
            continue;
        }
        slot.row->revision.main = slot.told_main;
        slot.row->source = Source::repaired;
        slot.key->revision = slot.row->revision;
    }
}

/// Of rows that overlap or do not ascend the later ones say nothing.
void Reader::drop_disorder() {
    std::optional<etcd::Revision> last;
    std::uint64_t behind = data_at_;
    for (auto& slot : slots_) {
        if (!slot.row) continue;
        if ((last && slot.row->revision <= *last) || slot.key_at < behind) {
            slot.row.reset();
            slot.key.reset();
            continue;
        }
        last = slot.row->revision;
        behind = slot.end;
    }
}

void Reader::find_end() {
    const auto header = bbolt::PageHeader::load(image_.data() + offset_);
    std::uint64_t needed = data_at_;
    for (const auto& slot : slots_) {
        if (slot.row) needed = std::max(needed, slot.end);
    }
    const std::uint64_t size = area_.page_size();
    std::uint64_t pages = (needed - offset_ + size - 1) / size;
    // Where an element is damaged the header's word is what there is, as far as no other page
    // begins.
    if (!is_complete() && header.overflow < area_.blocks()) {
        for (std::uint64_t i = pages; i <= header.overflow; ++i) {
            const auto at = offset_ + i * size;
            if (at >= image_.size() || bbolt::is_page_shape(image_, at, size)) break;
            pages = i + 1;
        }
    }
    pages = std::max<std::uint64_t>(pages, 1);
    out_.size = std::min(pages * size, image_.size() - offset_);
    end_ = offset_ + out_.size;
}

bool Reader::is_complete() const {
    return chain_ && !slots_.empty() &&
           std::all_of(slots_.begin(), slots_.end(),
                       [](const Slot& slot) { return slot.row.has_value(); });
}

void Reader::add_pieces_between(std::uint64_t from, std::uint64_t to) {
    if (to <= from || is_zero(image_.substr(from, to - from))) return;
    out_.unread.push_back({from, to - from});
    if (is_complete()) return;
    etcd::find_stray_rows(image_.substr(from, to - from), [&](const etcd::StrayRow& stray) {
        const auto at = from + stray.at;
        if (!stray.whole || !is_range(stray.row_key.revision) ||
            !is_one_piece(area_, at, from + stray.value_at + stray.value_size)) {
            return;
        }
        FoundRow row{stray.row_key.revision, from + stray.value_at,
                     static_cast<std::uint32_t>(stray.value_size), stray.row_key.tombstone};
        row.source = Source::piece;
        row.certain = row.ended = stray.ended;
        out_.rows.push_back(row);
    });
}

/// Rows in what no element tells of.
void Reader::add_pieces() {
    std::uint64_t from = slots_.empty() ? offset_ : data_at_;
    for (const auto& slot : slots_) {
        if (!slot.row) continue;
        add_pieces_between(from, slot.key_at);
        from = slot.end;
    }
    add_pieces_between(from, end_);
}

void Reader::finish(bool complete) {
    const auto header = bbolt::PageHeader::load(image_.data() + offset_);
    bool all_in_range = true;
    for (const auto& slot : slots_) {
        if (!slot.row) continue;
        all_in_range = all_in_range && is_range(slot.row->revision);
        if (is_range(slot.row->revision)) out_.rows.push_back(*slot.row);
    }
    std::sort(out_.rows.begin(), out_.rows.end(),
              [](const FoundRow& a, const FoundRow& b) { return a.revision < b.revision; });
    const auto same =
        std::unique(out_.rows.begin(), out_.rows.end(),
                    [](const FoundRow& a, const FoundRow& b) { return a.revision == b.revision; });
    out_.rows.erase(same, out_.rows.end());
    out_.bytes_read = page_header_size;
    for (const auto& row : out_.rows)
        out_.bytes_read +=
            element_size + etcd::revision_size + (row.tombstone ? 1 : 0) + row.value_size;
    out_.bytes_read = std::min<std::size_t>(out_.bytes_read, out_.size);
    const bool none_repaired =
        std::all_of(out_.rows.begin(), out_.rows.end(),
                    [](const FoundRow& row) { return row.source == Source::tree; });
    out_.sound = complete && all_in_range && none_repaired &&
                 header.flags == static_cast<std::uint16_t>(bbolt::PageType::leaf) &&
                 header.count == slots_.size();
    out_.shapeless = slots_.empty();
    if (!complete) add_gaps();
}

/// Between the rows around each stretch of elements that could not be read; of a row whose key can
/// be read, just there.
void Reader::add_gaps() {
    if (slots_.empty()) {
        out_.gaps.push_back({low_, high_, 0, 0, 0});
        return;
    }
    auto low = low_;
    for (std::size_t i = 0; i < slots_.size();) {
        const auto& slot = slots_[i];
        if (slot.row) {
            low = next(slot.row->revision);
            ++i;
            continue;
        }
        std::size_t end = i + 1;
        while (end < slots_.size() && !slots_[end].row) ++end;
        const auto high = end < slots_.size() ? slots_[end].row->revision : high_;
        if (end == i + 1 && slot.key && low <= slot.key->revision && slot.key->revision < high) {
            add_gap({slot.key->revision, next(slot.key->revision), 1, 0, slot.key_at});
        } else {
            add_gap({low, high, end - i, 0, 0});
        }
        i = end;
    }
}

void Reader::add_gap(Gap gap) {
    const auto found = static_cast<std::size_t>(
        std::count_if(out_.rows.begin(), out_.rows.end(), [&](const FoundRow& row) {
            return row.source == Source::piece && gap.low <= row.revision &&
                   row.revision < gap.high;
        }));
    if (found >= gap.expected) return;
    gap.expected -= found;
    out_.gaps.push_back(gap);
}

}  // namespace

const char* name(Source source) {
    switch (source) {
        case Source::tree: return "tree";
        case Source::piece: return "piece";
        case Source::repaired: return "repaired";
        case Source::orphan: return "orphan";
        case Source::stray: return "stray";
    }
    return "";
}

bool has_zeroed_sector(Bytes image, std::uint64_t offset, std::uint64_t size) {
    const auto end = offset + size;
    for (auto at = offset / sector * sector; at < end; at += sector) {
        if (at + sector > image.size() || load_le<std::uint64_t>(image.data() + at) != 0 ||
            !is_zero(image.substr(at, sector))) {
            continue;
        }
        auto behind = at + sector;
        while (behind + sector <= image.size() && is_zero(image.substr(behind, sector)))
            behind += sector;
        // A run of zeros that was stored begins and ends anywhere; a few zeros may stand before.
        const auto before = at < few_zeros ? at : few_zeros;
        const bool begins = !is_zero(image.substr(at - before, before));
        const bool ends = !is_zero(image.substr(behind, few_zeros));
        if (begins && ends) return true;
        at = behind - sector;
    }
    return false;
}

bool is_one_piece(const Area& area, std::uint64_t from, std::uint64_t to) {
    const auto image = area.image();
    if (has_zeroed_sector(image, from, to - from)) return false;
    const auto size = area.page_size();
    const auto phase = area.lay().phase();
    auto at = from < phase ? phase : (from - phase) / size * size + phase + size;
    for (; at < to; at += size) {
        if (bbolt::is_page_shape(image, at, size)) return false;
    }
    return true;
}

LeafReading read_leaf(const Area& area, std::uint64_t offset, etcd::Revision low,
                      etcd::Revision high) {
    LeafReading nothing;
    nothing.shapeless = true;
    nothing.gaps.push_back({low, high, 0, 0, 0});
    nothing.size = std::min<std::uint64_t>(area.page_size(), area.image().size() - offset);
    if (nothing.size <= page_header_size + element_size) return nothing;
    return Reader(area, offset, low, high).read();
}

}  // namespace salvor::recover
