#pragma once

#include <span>

#include "core/audit/rights.hpp"

namespace salvor::audit {

/// A right from which more follows than its words say.
struct Power {
    const char* name;  ///< stable: "everything", "readSecrets"
    const char* what;  ///< what it lets somebody do, in words
};
std::span<const Power> powers();

struct PowerHeld {
    const Power* power;
    Grant grant;  ///< the first of the subject, by this binding
};
/// Who has which, by power; of each subject and binding once. What a `*` for everything gives is
/// not told again. Bindings that every apiserver makes for its own parts only with `all`.
enum class Whose : std::uint8_t { not_own, all };
std::vector<PowerHeld> powers_held(const Rights& rights, Whose whose);

}  // namespace salvor::audit
