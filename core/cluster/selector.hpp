#pragma once

#include <optional>
#include <string>
#include <vector>

#include "formats/base/bytes.hpp"
#include "formats/base/result.hpp"

// What kubectl's -l and --field-selector say. Source: apimachinery pkg/labels/selector.go,
// pkg/fields/selector.go

namespace salvor::cluster {

struct Requirement {
    enum class Operator { exists, absent, in, not_in, greater, less };
    std::string key;
    Operator op = Operator::exists;
    std::vector<std::string> values;

    /// `value`: nullopt where the key is absent.
    bool holds(std::optional<Bytes> value) const;
};

/// All of them must hold.
using Requirements = std::vector<Requirement>;

/// `a=b,c!=d,e in (f,g),h notin (i),j,!k,l>5`. Error: usage.
Result<Requirements> parse_label_selector(Bytes text);
/// `a=b,c!=d`, with `\,` `\=` `\\` for what would separate. Error: usage.
Result<Requirements> parse_field_selector(Bytes text);

}  // namespace salvor::cluster
