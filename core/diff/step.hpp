#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "core/timeline/carved.hpp"

// One key's way from state to state, before it is looked into.

namespace salvor::diff {

/// From one state of a key to the next; views.
struct Step {
    std::int64_t revision = 0;
    std::optional<std::int64_t> net_after = {};  ///< it is what those behind this came to
    std::optional<etcd::KeyValue> before = {}, now = {};
    bool is_update = false;  ///< not its creation, though `before` may not be known
    const timeline::Carved* carved = nullptr;
    bool before_read = true, now_read = true;  ///< false: of that one the key alone is known
};

/// The revisions behind `from` up to `to`, of which the file behind them keeps what they left.
struct Dark {
    const bbolt::Database* older;  ///< has the state at `from`; nullptr: none has
    const bbolt::Database& newer;  ///< has the state at `to`
    std::int64_t from, to;
};

/// The steps within it of the keys that `keep` says yes to and that something was carved of:
/// through what is carved, from the state before to the one that is left. Ascending by key.
/// Errors: malformed.
Result<std::vector<Step>> carved_steps(const Dark& dark, std::span<const timeline::Carved> carved,
                                       const std::function<bool(Bytes)>& keep);

/// Those behind `from` up to `to`, of rows that ascend.
std::span<const timeline::Carved> carved_within(std::span<const timeline::Carved> carved,
                                                std::int64_t from, std::int64_t to);

}  // namespace salvor::diff
