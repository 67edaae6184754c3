#pragma once

#include <array>
#include <compare>
#include <optional>
#include <string>

#include "formats/base/bytes.hpp"

// The keys of the `key` bucket. Source: etcd server/storage/mvcc/revision.go

namespace salvor::etcd {

struct Revision {
    std::int64_t main = 0;  ///< of the whole transaction
    std::int64_t sub = 0;   ///< counts the changes within it
    auto operator<=>(const Revision&) const = default;
};
std::string to_string(Revision revision);  ///< "main/sub"

/// OFFSET SIZE FIELD
///      0    8 main       big-endian
///      8    1 '_'
///      9    8 sub        big-endian
///     17    1 't'        only of a tombstone
struct RowKey {
    Revision revision;
    bool tombstone = false;
};
constexpr std::size_t revision_size = 17;
constexpr std::size_t tombstone_size = 18;

/// nullopt where the length, the separator or the mark is not that of a row key, or a number is
/// negative.
inline std::optional<RowKey> parse_row_key(Bytes key) {
    if (key.size() != revision_size && key.size() != tombstone_size) return {};
    if (key[8] != '_' || (key.size() == tombstone_size && key[17] != 't')) return {};
    const RowKey row{{load_be<std::int64_t>(key.data()), load_be<std::int64_t>(key.data() + 9)},
                     key.size() == tombstone_size};
    if (row.revision.main < 0 || row.revision.sub < 0) return {};
    return row;
}
/// The 17 bytes; also the form of meta's scheduledCompactRev and finishedCompactRev.
std::array<char, revision_size> encode_revision(Revision revision);

}  // namespace salvor::etcd
