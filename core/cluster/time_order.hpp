#pragma once

#include <cstdint>
#include <functional>
#include <vector>

namespace salvor::cluster {

/// A time that one of many revisions, which are in order, tells.
struct TimeMark {
    std::int64_t seconds;
    bool exact;     ///< of that very write, and not only not later than it
    bool reported;  ///< by another clock than an apiserver's
};

/// Which of them can be believed: never falling from one to the next. The longest such row of the
/// apiservers' exact ones is (of the reporters' where there is none), and what fits in between.
std::vector<bool> believable(std::size_t size, const std::function<TimeMark(std::size_t)>& mark);

}  // namespace salvor::cluster
