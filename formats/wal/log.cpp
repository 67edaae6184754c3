#include "formats/wal/log.hpp"

#include <algorithm>

#include "formats/wal/record.hpp"

namespace salvor::wal {

Entry Entries::operator[](std::size_t i) const {
    const auto segment = places_[i] >> offset_bits;
    const auto offset = places_[i] & ((std::uint64_t{1} << offset_bits) - 1);
    const auto frame = frame_at(segments_[segment], offset);
    Entry entry{};
    // Both parsed when the log was read. They do not only where the file shrank meanwhile, which
    // MappedFile::intact() tells.
    if (const auto record = parse_record(frame.record))
        entry = parse_entry(record->data).value_or(entry);
    entry.segment = segment;
    entry.offset = offset;
    return entry;
}

std::uint64_t Log::last_index() const {
    auto last = entries.last_index();
    for (const auto& snapshot : snapshots) last = std::max(last, snapshot.index);
    return last;
}

const SnapshotRecord* Log::committed_snapshot(std::uint64_t term, std::uint64_t index) const {
    const auto found = std::find_if(
        snapshots.rbegin(), snapshots.rend(),
        [&](const auto& snapshot) { return snapshot.term == term && snapshot.index == index; });
    return found == snapshots.rend() || index > hard_state.commit ? nullptr : &*found;
}

const SnapshotRecord* Log::newest_committed_snapshot() const {
    const auto found =
        std::find_if(snapshots.rbegin(), snapshots.rend(),
                     [&](const auto& snapshot) { return snapshot.index <= hard_state.commit; });
    return found == snapshots.rend() ? nullptr : &*found;
}

}  // namespace salvor::wal
