#include "core/replay/permissions.hpp"

#include <algorithm>

namespace salvor::replay {
namespace {

/// An open end is empty.
Bytes end_of(Bytes end) {
    return end == Bytes("\0", 1) ? Bytes{} : end;
}
bool reaches(Bytes end, Bytes wanted) {
    return end.empty() || (!wanted.empty() && end >= wanted);
}

}  // namespace

void Permissions::insert(std::vector<Interval>& intervals, const Interval& interval) {
    const auto at = std::ranges::upper_bound(intervals, interval.begin, {}, &Interval::begin);
    intervals.insert(at, interval);
}

void Permissions::add(const etcd::Permission& permission) {
    const Interval interval{permission.key, permission.range_end.empty()
                                                ? permission.key + '\0'
                                                : std::string(end_of(permission.range_end))};
    using Type = etcd::PermissionType;
    if (permission.type == Type::read || permission.type == Type::read_write) {
        insert(readable_, interval);
    }
    if (permission.type == Type::write || permission.type == Type::read_write) {
        insert(writable_, interval);
    }
}

bool Permissions::allow(To to, const etcd::KeyRange& range) const {
    const auto& intervals = to == To::read ? readable_ : writable_;
    std::string next;
    Bytes end = end_of(range.end);
    if (range.end.empty()) {
        next = std::string(range.key) + '\0';
        end = next;
    }
    Bytes covered = range.key;  // so far, without a gap
    for (const auto& interval : intervals) {
        if (interval.begin > covered) return false;
        if (reaches(interval.end, end)) return true;
        covered = std::max(covered, Bytes(interval.end));
    }
    return false;
}

}  // namespace salvor::replay
