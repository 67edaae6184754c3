#include "core/cluster/time_order.hpp"

#include <algorithm>
#include <limits>

namespace salvor::cluster {
namespace {

using Marks = std::function<TimeMark(std::size_t)>;

/// Marks a longest row of the usable ones along which the seconds never fall.
std::vector<bool> longest_rising(std::size_t size, const Marks& mark,
                                 const std::function<bool(const TimeMark&)>& usable) {
    constexpr std::size_t none = ~std::size_t{0};
    std::vector<std::size_t> ends;  // by length: the index that ends a row with the least seconds
    std::vector<std::size_t> previous(size, none);
    for (std::size_t i = 0; i < size; ++i) {
        const auto own = mark(i);
        if (!usable(own)) continue;
        const auto at = std::upper_bound(
            ends.begin(), ends.end(), own.seconds,
            [&](std::int64_t seconds, std::size_t j) { return seconds < mark(j).seconds; });
        if (at != ends.begin()) previous[i] = *(at - 1);
        if (at == ends.end()) {
            ends.push_back(i);
        } else {
            *at = i;
        }
    }
    std::vector<bool> marked(size, false);
    for (auto i = ends.empty() ? none : ends.back(); i != none; i = previous[i]) marked[i] = true;
    return marked;
}

}  // namespace

std::vector<bool> believable(std::size_t size, const Marks& mark) {
    auto sure =
        longest_rising(size, mark, [](const TimeMark& one) { return one.exact && !one.reported; });
    if (std::find(sure.begin(), sure.end(), true) == sure.end())
        sure = longest_rising(size, mark, [](const TimeMark& one) { return one.exact; });
    std::vector<std::int64_t> limits(size);  // the time of the next sure one
    auto limit = std::numeric_limits<std::int64_t>::max();
    for (std::size_t i = size; i-- > 0;) {
        if (sure[i]) limit = mark(i).seconds;
        limits[i] = limit;
    }
    auto last = std::numeric_limits<std::int64_t>::min();
    for (std::size_t i = 0; i < size; ++i) {
        const auto seconds = mark(i).seconds;
        sure[i] = seconds >= last && seconds <= limits[i];
        if (sure[i]) last = seconds;
    }
    return sure;
}

}  // namespace salvor::cluster
