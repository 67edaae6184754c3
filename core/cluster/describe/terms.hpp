#pragma once

#include "core/cluster/describe/parts.hpp"

namespace salvor::describe {

/// "Term 0:" and so on, the requirements of each below each other: of the elements of a list, whose
/// `field` lists them.
void selector_terms(Writer& out, std::size_t level, std::span<const Value> terms,
                    std::string_view field);

}  // namespace salvor::describe
