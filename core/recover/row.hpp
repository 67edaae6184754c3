#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "formats/base/bytes.hpp"
#include "formats/etcd/revision.hpp"

namespace salvor::recover {

/// How a row was come by.
enum class Source : std::uint8_t {
    tree,      ///< its page is reached from the root
    piece,     ///< in such a page, by its own form: its element does not tell it
    repaired,  ///< in such a page; its key is read as its value has the revision
    orphan,    ///< in a page that no branch names any more
    stray,     ///< outside of any page, by its own form
};
const char* name(Source source);

/// A row of the `key` bucket, and where its bytes are.
struct FoundRow {
    etcd::Revision revision;
    std::uint64_t value_at = 0;  ///< in the image
    std::uint32_t value_size = 0;
    bool tombstone = false;
    bool certain = true;
    bool whole = true;  ///< false: the value's end is not there any more
    bool ended = true;  ///< false: what is behind it may have been a part of it; then not certain
    /// It stands in a page that is sound, so that what that page does not have was not there.
    bool in_sound_page = false;
    Source source = Source::tree;

    Bytes value(Bytes image) const { return image.substr(value_at, value_size); }
};

inline constexpr etcd::Revision endless{std::numeric_limits<std::int64_t>::max(), 0};
inline etcd::Revision next(etcd::Revision revision) {
    return {revision.main, revision.sub + 1};
}

/// A range of revisions of which a tree says that it has them, and that could not be read.
struct Gap {
    etcd::Revision low;        ///< inclusive
    etcd::Revision high;       ///< exclusive
    std::size_t expected = 0;  ///< so many rows are missing; 0: not known
    std::uint64_t page = 0;    ///< the page that is to blame
    std::uint64_t row_at = 0;  ///< of one row whose key can be read: where it stands
};

/// A leaf of the tree that is as it was written.
struct SoundLeaf {
    std::uint64_t offset;
    etcd::Revision first;
};

}  // namespace salvor::recover
