#pragma once

#include <functional>

#include "core/recover/area.hpp"
#include "core/recover/row.hpp"

namespace salvor::recover {

/// Takes what is found in blocks of which nothing was given back. Each may be empty.
struct UnusedSink {
    std::function<void(const FoundRow&)> row;
    /// A page that is as it was written, and holds all rows between these two that there were.
    std::function<void(etcd::Revision first, etcd::Revision last)> sound_page;
};

/// Leaves that no branch names, and outside of them rows by their own form; those whose end is
/// overwritten too, which are not whole.
void for_each_unused_row(const Area& area, const UnusedSink& sink);

}  // namespace salvor::recover
