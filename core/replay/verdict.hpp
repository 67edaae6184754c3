#pragma once

#include "formats/base/result.hpp"

namespace salvor::replay {

/// Whether a request was carried out; where not, why, in etcd's own words.
struct Verdict {
    const char* refusal = nullptr;
    bool done() const { return refusal == nullptr; }
};
inline constexpr Verdict done{};

/// The caller's return where the request is refused.
#define SALVOR_PERMIT(...)                                                          \
    do {                                                                            \
        if (const Verdict verdict = (__VA_ARGS__); !verdict.done()) return verdict; \
    } while (false)

}  // namespace salvor::replay
