#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "formats/base/result.hpp"
#include "formats/etcd/version.hpp"

namespace salvor::restore {

/// What a static pod's manifest (kubeadm's /etc/kubernetes/manifests/etcd.yaml) says of its etcd.
/// Paths are the host's: what the container sees is followed through volumeMounts and hostPath
/// volumes.
struct Manifest {
    std::optional<std::string> name;
    std::optional<std::filesystem::path> data_dir;
    std::optional<std::filesystem::path> wal_dir;
    std::optional<std::string> initial_advertise_peer_urls;
    std::optional<std::string> initial_cluster;
    std::optional<std::string> initial_cluster_token;
    std::optional<etcd::Version> image_version;  ///< of the image's tag
    /// How it is reached: URLs to listen on and to advertise, and TLS, as etcd's options have them.
    std::vector<std::pair<std::string, std::string>> serving;
};

/// Errors: malformed (no YAML, no Pod, no etcd container, a data directory on no hostPath),
/// too_large, io.
Result<Manifest> read_manifest(const std::filesystem::path& path);
Result<Manifest> parse_manifest(std::string_view yaml, std::string_view path);

}  // namespace salvor::restore
