#pragma once

#include "core/compare/compare.hpp"

namespace salvor::compare {

/// Fills in which one to rebuild from, and why; needs lineages.
void choose(Comparison& comparison);

}  // namespace salvor::compare
