#pragma once

#include <array>
#include <span>

#include "formats/base/bytes.hpp"
#include "formats/base/result.hpp"
#include "formats/kube/value.hpp"

// JSON passed over without building anything, for those who only ask whether it is whole, and for
// some texts in it.

namespace salvor::kube {

/// A text that is wanted: the names of objects one in the other, the outermost first, empty behind
/// the last; and where the text goes. One that is not there leaves it as it is.
struct WantedText {
    std::array<Bytes, 3> path;
    Bytes* into;
};

/// Passes over one JSON text, strictly but for what Go lets pass: invalid UTF-8, surrogates that
/// stand alone, names that come twice (the last counts). A wanted text that has escapes is kept in
/// `document`, the others are views. Errors: malformed (with the offset in `text`), too_large
/// (deeper than max_value_depth).
Result<void> check_json(Bytes text, std::span<const WantedText> wanted, Document& document);
Result<void> check_json(Bytes text);

}  // namespace salvor::kube
