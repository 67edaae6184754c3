#pragma once

#include <span>
#include <vector>

#include "core/cluster/object_key.hpp"
#include "core/diff/field_path.hpp"

// What changes by itself, without anybody's doing: named rules, which --all turns off.

namespace salvor::diff {

/// Objects that are left out whole.
struct ObjectRule {
    Bytes name;
    Bytes what;  ///< one sentence without a full stop
    bool (*holds)(const cluster::ObjectKey& key);
};
std::span<const ObjectRule> object_rules();
/// The first rule that holds; nullptr: the object counts.
const ObjectRule* noise_rule(const cluster::ObjectKey& key);

/// A field that is left out of objects.
struct FieldRule {
    Bytes name;
    Bytes what;
    FieldPath path;
    /// It goes with another field's change: alone it counts.
    bool beside_others;
    /// Of a kind for which the rule is not.
    Bytes but_for_kind;
};
const std::vector<FieldRule>& field_rules();

/// Not among those: a key that was written again with what it had.
inline constexpr const char* rewritten_rule = "rewritten";
inline constexpr const char* rewritten_what = "written again as it was: only its revision is new";

}  // namespace salvor::diff
