#pragma once

#include "formats/base/result.hpp"
#include "tools/salvor/options.hpp"

namespace salvor::tool {

/// The one document on stdout that says why there is no answer, in place of what of it was not yet
/// written.
void tell_error(const Error& error);

/// The sentence on stderr; with JSON chosen the document as well.
void say_error(const Error& error, Format format);

}  // namespace salvor::tool
