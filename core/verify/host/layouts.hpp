#pragma once

#include <span>
#include <string_view>

#include "core/verify/host/host.hpp"

namespace salvor::verify {

/// Where a file stands, from the root on; a component may have `*`, for all that there are, or `#`,
/// for the one with the highest number.
struct HostPath {
    HostRole role;
    std::string_view path;
    enum class Need { must, may } need = Need::must;
};

struct HostLayout {
    std::string_view name;
    std::span<const HostPath> paths;
    std::string_view data_directory;
};

std::span<const HostLayout> host_layouts();

}  // namespace salvor::verify
