#include "core/recover/carve.hpp"

#include <algorithm>
#include <unordered_map>

#include "core/recover/unused.hpp"
#include "core/timeline/key_hash.hpp"
#include "formats/bbolt/carve/chain.hpp"
#include "formats/etcd/key_value.hpp"
#include "formats/etcd/stray_row.hpp"

namespace salvor::recover {
namespace {

std::size_t key_size(const FoundRow& row) {
    return row.tombstone ? etcd::tombstone_size : etcd::revision_size;
}

std::optional<etcd::StrayRow> stray_of(Bytes image, const FoundRow& row) {
    return etcd::stray_row_at(image.substr(0, row.value_at + row.value_size),
                              row.value_at - key_size(row));
}

bool is_better(const FoundRow& a, const FoundRow& b) {
    if (a.whole != b.whole) return a.whole;
    if (a.source != b.source) return a.source < b.source;
    return a.value_size > b.value_size;
}

/// Of which keys the newest row is not there, or a deletion.
void find_deleted(const Recovery& recovery, std::vector<CarvedRow>& carved) {
    const auto image = recovery.area().image();
    std::unordered_map<std::uint64_t, bool> live;
    for (const auto& row : carved) live.emplace(timeline::hash_of(user_key(image, row.row)), false);
    if (live.empty()) return;
    recovery.for_each_row([&](const FoundRow& row) {
        const auto key = etcd::parse_key(row.value(image));
        if (!key) return;
        const auto at = live.find(timeline::hash_of(*key));
        if (at != live.end()) at->second = !row.tombstone;
    });
    for (auto& row : carved) row.deleted = !live[timeline::hash_of(user_key(image, row.row))];
}

class Fragments {
 public:
    explicit Fragments(const Recovery& recovery) : area_(recovery.area()) {}

    std::vector<Fragment> run() {
        note_rows();
        for (std::size_t block = 0; block < area_.blocks(); ++block) {
            if (area_.use(block) != Use::used) look_at(block);
        }
        return std::move(found_);
    }

 private:
    void note_rows();
    void look_at(std::size_t block);
    void take(std::uint64_t from, std::uint64_t end);

    const Area& area_;
    std::vector<Fragment> rows_;  ///< ascending
    std::size_t next_ = 0;
    std::vector<Fragment> found_;
};

void Fragments::note_rows() {
    for_each_unused_row(
        area_, {[&](const FoundRow& row) {
                    rows_.push_back({row.value_at - key_size(row), key_size(row) + row.value_size});
                },
                {}});
    std::sort(rows_.begin(), rows_.end(),
              [](const Fragment& a, const Fragment& b) { return a.offset < b.offset; });
}

/// Between the rows; of a page behind its elements.
void Fragments::look_at(std::size_t block) {
    const auto image = area_.image();
    auto from = area_.offset_of(block);
    const auto end = from + area_.size_of(block);
    if (bbolt::is_page_shape(image, from, area_.page_size())) {
        const auto header = bbolt::PageHeader::load(image.data() + from);
        if (static_cast<bbolt::PageType>(header.flags) == bbolt::PageType::branch) return;
        from += bbolt::page_header_size + header.count * bbolt::element_size;
    }
    while (next_ < rows_.size() && rows_[next_].offset + rows_[next_].size <= from) ++next_;
    for (auto i = next_; i < rows_.size() && rows_[i].offset < end; ++i) {
        take(from, std::min(rows_[i].offset, end));
        from = std::max(from, rows_[i].offset + rows_[i].size);
    }
    take(from, end);
}

void Fragments::take(std::uint64_t from, std::uint64_t end) {
    const auto image = area_.image();
    if (from >= end) return;
    const auto bytes = image.substr(from, end - from);
    const auto first = bytes.find_first_not_of('\0');
    if (first == Bytes::npos) return;
    const auto last = bytes.find_last_not_of('\0');
    const bool goes_on =
        !found_.empty() && first == 0 && found_.back().offset + found_.back().size == from;
    if (goes_on) {
        found_.back().size += last + 1;
    } else {
        found_.push_back({from + first, last + 1 - first});
    }
}

}  // namespace

const char* name(Confidence confidence) {
    switch (confidence) {
        case Confidence::whole: return "whole";
        case Confidence::form: return "form";
        case Confidence::cut: return "cut";
    }
    return "";
}

Bytes user_key(Bytes image, const FoundRow& row) {
    const auto stray = stray_of(image, row);
    return stray ? stray->user_key : etcd::parse_key(row.value(image)).value_or(Bytes());
}

std::vector<CarvedRow> carve(const Recovery& recovery) {
    std::vector<CarvedRow> carved;
    for_each_unused_row(recovery.area(), {[&](const FoundRow& row) {
                                              if (!recovery.row(row.revision))
                                                  carved.push_back({row});
                                          },
                                          {}});
    std::sort(carved.begin(), carved.end(), [](const CarvedRow& a, const CarvedRow& b) {
        if (a.row.revision != b.row.revision) return a.row.revision < b.row.revision;
        return is_better(a.row, b.row);
    });
    const auto same =
        std::unique(carved.begin(), carved.end(), [](const CarvedRow& a, const CarvedRow& b) {
            return a.row.revision == b.row.revision && a.row.tombstone == b.row.tombstone;
        });
    carved.erase(same, carved.end());
    find_deleted(recovery, carved);
    return carved;
}

std::uint64_t page_of(const Recovery& recovery, std::uint64_t offset) {
    const auto id = recovery.area().lay().id_at(offset);
    return id ? number(*id) : 0;
}

timeline::Carved for_timeline(const Recovery& recovery, const CarvedRow& carved) {
    const auto image = recovery.area().image();
    const auto& row = carved.row;
    timeline::Carved found;
    found.row_key = {row.revision, row.tombstone};
    const auto stray = stray_of(image, row);
    if (const auto kv = etcd::parse_key_value(row.value(image)); kv && row.whole) {
        found.kv = *kv;
    } else if (stray) {
        found.kv.create_revision = stray->create_revision;
        found.kv.version = stray->version;
    }
    found.kv.key = user_key(image, row);
    found.kv.mod_revision = row.revision.main;
    found.page = page_of(recovery, row.value_at);
    found.whole = row.whole;
    found.confidence = name(carved.confidence());
    return found;
}

std::vector<Fragment> fragments(const Recovery& recovery) {
    return Fragments(recovery).run();
}

}  // namespace salvor::recover
