#include "core/timeline/stretches.hpp"

#include <algorithm>

namespace salvor::timeline {

std::vector<Stretch> stretches(const std::vector<Span>& spans) {
    std::vector<Stretch> found;
    for (std::int64_t at = 0;;) {
        const Span* whole = nullptr;  // tells all behind `at`
        const Span* next = nullptr;   // the first that tells something later
        for (const auto& span : spans) {
            if (span.head <= at) continue;
            if (span.compacted <= at) {
                if (!whole || span.head > whole->head) whole = &span;
            } else if (!next || span.compacted < next->compacted) {
                next = &span;
            }
        }
        const auto* teller = whole ? whole : next;
        if (!teller) return found;
        const auto to = whole ? whole->head : next->compacted;
        found.push_back(
            {static_cast<std::size_t>(teller - spans.data()), at, to, whole != nullptr});
        at = to;
    }
}

}  // namespace salvor::timeline
