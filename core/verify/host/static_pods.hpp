#pragma once

#include <string>
#include <vector>

#include "core/verify/host/host.hpp"

namespace salvor::verify {

/// A file that a command line names.
struct NamedFile {
    HostRole role;
    std::string path;
};

/// The files that kube-apiserver and kube-controller-manager are given by their static pods'
/// manifests, a flag a line, as kubeadm and those who build on it write them.
std::vector<NamedFile> files_of_static_pods(const std::filesystem::path& root);

}  // namespace salvor::verify
