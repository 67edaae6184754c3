#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/verify/host/host.hpp"

namespace salvor::verify {

/// Where a file stands, from its layout's folder on; a component may have `*`, for all that there
/// are, or `#`, for the one with the highest number.
struct HostPath {
    HostRole role;
    std::string_view path;
    enum class Need { must, may } need = Need::must;
};

struct HostLayout {
    std::string_view name;
    std::string_view folder;  ///< from the root on, with its slash
    std::span<const HostPath> paths;
    std::string_view data_directory;  ///< from the root on

    std::string path_of(const HostPath& file) const {
        return std::string(folder).append(file.path);
    }
};

std::span<const HostLayout> host_layouts();

}  // namespace salvor::verify
