#pragma once

#include <set>
#include <string>
#include <vector>

#include "core/cluster/changes.hpp"
#include "core/diff/field_path.hpp"
#include "formats/base/bytes.hpp"

namespace salvor::diff {

/// The rules that hid something that is not the same, by name.
using Hidden = std::set<std::string>;
/// In place of a rule's name: a path of --ignore.
inline constexpr const char* ignored_rule = "--ignore";

/// Takes out of two states of an object what is noise, and what was asked to be left out.
class FieldFilter {
 public:
    /// `all`: no rule holds. The paths must outlive it.
    FieldFilter(bool all, const std::vector<FieldPath>& ignored) : all_(all), ignored_(ignored) {}

    Hidden hide(kube::Value& before, kube::Value& after, Bytes kind) const;
    /// Afterwards, of what still differs: what goes with other changes goes where there are any.
    Hidden drop_companions(cluster::Changes& changes) const;

 private:
    bool all_;
    const std::vector<FieldPath>& ignored_;
};

}  // namespace salvor::diff
