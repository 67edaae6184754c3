#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/cluster/cluster.hpp"

// When which revision was written. etcd keeps no times; the objects do.

namespace salvor::cluster {

/// What a time was told by, the surest first.
enum class TimeSource : std::uint8_t {
    created,         ///< creationTimestamp of an object's first revision: the apiserver's clock
    managed_fields,  ///< managedFields got a newer time: the apiserver's clock
    deletion_asked,  ///< deletionTimestamp appeared, less its grace period: the apiserver's clock
    reported,        ///< a Lease's renewTime, a Node's heartbeat: the clock of who reports
};

/// A revision and a time that its value bears.
struct TimeEvidence {
    std::int64_t revision = 0;
    std::int64_t seconds = 0;  ///< since 1970, cut to whole ones
    TimeSource source{};
    std::string key;  ///< whose value it is; cut where a key's end may be a secret
    /// "managedFields of /registry/pods/shop/web at revision 4711", unescaped.
    std::string text() const;
};

/// What is known of one revision's time. At least one of the three is there; with `at` the others
/// are not.
struct KnownTime {
    std::optional<TimeEvidence> at;          ///< to the second, told by the revision itself
    std::optional<TimeEvidence> not_before;  ///< the newest evidence at or before the revision
    std::optional<TimeEvidence> not_after;   ///< the first exact time of a later revision
    /// The best that is known, which never falls from a revision to the next: at, else not_before.
    std::optional<std::int64_t> best() const {
        return at           ? std::optional(at->seconds)
               : not_before ? std::optional(not_before->seconds)
                            : std::nullopt;
    }
};

/// The best of what two files of one history know of a revision.
std::optional<KnownTime> best_of(const std::optional<KnownTime>& a,
                                 const std::optional<KnownTime>& b);

/// The times that a database's rows tell, whichever revision is shown.
///
/// A value's managedFields, creationTimestamp and so on are never later than the write of its
/// revision, and where they are newer than those of the key's revision before, they are that
/// write's own time. Revisions are written in order, so times must rise with them: of the
/// apiservers' times the longest rising row is believed, a reporter's time only where it lies
/// between its neighbours. So one wrong clock, or a time that a client made up, moves nothing.
/// A time is noted when a request is handled, a moment before its revision is written: bounds are
/// good to a second or two.
class Times {
 public:
    /// Reads the metadata of every row; encrypted ones where the cluster has their keys. 24 bytes a
    /// row that tells a time, 48 while reading. Errors: malformed, too_large.
    static Result<Times> read(const Cluster& cluster);

    /// nullopt: no row tells anything on either side.
    std::optional<KnownTime> time_of(std::int64_t revision) const;

    /// The answer to "which state stood then".
    struct Moment {
        std::int64_t revision;              ///< the last one whose best time is not later
        TimeEvidence before;                ///< the newest evidence at or before it
        std::optional<TimeEvidence> after;  ///< the first that is later; none: nothing tells later
        /// Revisions from before.revision + 1 on are taken in though nothing times them: those
        /// were written between `before` and `after`.
        bool has_untimed() const { return before.revision < revision; }
    };
    /// nullopt: no revision is known to be so old. The revision may be compacted. `seconds` since
    /// 1970; a time within that second counts as not later.
    std::optional<Moment> last_revision_not_later_than(std::int64_t seconds) const;

 private:
    struct Anchor {
        std::int64_t revision;
        std::int64_t seconds;
        std::uint64_t packed;  ///< the row's position (below 2^40), the source, whether it is exact

        Anchor(std::int64_t at, std::int64_t time, timeline::RowPosition row, TimeSource source,
               bool exact)
            : revision(at),
              seconds(time),
              packed(number(row) << 8 | static_cast<std::uint64_t>(source) << 1 | (exact ? 1 : 0)) {
        }
        timeline::RowPosition row() const { return timeline::RowPosition{packed >> 8}; }
        TimeSource source() const { return static_cast<TimeSource>(packed >> 1 & 0x7F); }
        bool exact() const { return (packed & 1) != 0; }
    };
    class Reading;
    Times(const bbolt::Database& db, std::int64_t head) : db_(&db), head_(head) {}
    TimeEvidence evidence(const Anchor& anchor) const;

    const bbolt::Database* db_;
    std::int64_t head_;
    std::vector<Anchor> anchors_;  ///< revisions ascend, seconds never fall
};

}  // namespace salvor::cluster
