#pragma once

#include <vector>

#include "core/recover/recovery.hpp"
#include "core/timeline/carved.hpp"

namespace salvor::recover {

/// How much of a carved row there is.
enum class Confidence : std::uint8_t {
    whole,  ///< its page still tells it
    form,   ///< told by its own form, to its end
    cut,    ///< its end is overwritten
};
const char* name(Confidence confidence);

/// A row that the database does not have any more.
struct CarvedRow {
    FoundRow row;
    bool deleted = false;  ///< its key is not live any more
    Confidence confidence() const {
        if (!row.whole) return Confidence::cut;
        return row.source == Source::orphan ? Confidence::whole : Confidence::form;
    }
};

/// The key that a row is of, also where its value is cut.
Bytes user_key(Bytes image, const FoundRow& row);

/// What is left of the file's earlier rows: in free pages and in those that nothing names, behind
/// the last element of a page, in what is left of overflow pages. One of each revision, the best
/// one, ascending. 56 bytes of memory each.
std::vector<CarvedRow> carve(const Recovery& recovery);

/// The page that a row's record begins in.
std::uint64_t page_of(const Recovery& recovery, std::uint64_t offset);

/// A row as the timeline takes it; views into the image.
timeline::Carved for_timeline(const Recovery& recovery, const CarvedRow& row);

/// Bytes of free pages that belong to no row which can be told, in stretches without a zero sector:
/// what is left of values whose beginning is overwritten, and of other buckets.
struct Fragment {
    std::uint64_t offset, size;
};
std::vector<Fragment> fragments(const Recovery& recovery);

}  // namespace salvor::recover
