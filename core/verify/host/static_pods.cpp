#include "core/verify/host/static_pods.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "core/verify/host/rooted_path.hpp"
#include "formats/base/mapped_file.hpp"

namespace salvor::verify {
namespace {

struct Flag {
    std::string_view name;
    HostRole role;
};
constexpr std::array apiserver{
    Flag{"--client-ca-file=", HostRole::client_ca},
    Flag{"--requestheader-client-ca-file=", HostRole::front_proxy_ca},
    Flag{"--etcd-cafile=", HostRole::etcd_ca},
    Flag{"--tls-cert-file=", HostRole::serving},
    Flag{"--service-account-key-file=", HostRole::account_key},
    Flag{"--service-account-signing-key-file=", HostRole::account_key},
    Flag{"--encryption-provider-config=", HostRole::encryption},
};
constexpr std::array controller_manager{Flag{"--root-ca-file=", HostRole::cluster_ca}};

void read(const std::filesystem::path& manifest, std::span<const Flag> flags,
          std::vector<NamedFile>& into) {
    const auto file = MappedFile::open(manifest);
    if (!file) return;
    auto text = file->bytes();
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        const auto line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        for (const auto& flag : flags) {
            const auto at = line.find(flag.name);
            if (at == Bytes::npos || line.substr(0, at).find_first_not_of(" -\"'") != Bytes::npos)
                continue;
            auto path = line.substr(at + flag.name.size());
            path = path.substr(0, path.find_first_of("\"' \r"));
            if (!path.empty()) into.push_back({flag.role, std::string(path)});
        }
    }
}

}  // namespace

std::vector<NamedFile> files_of_static_pods(const std::filesystem::path& root) {
    std::vector<NamedFile> found;
    const std::string folder = "etc/kubernetes/manifests/";
    read(below_root(root, folder + "kube-apiserver.yaml"), apiserver, found);
    read(below_root(root, folder + "kube-controller-manager.yaml"), controller_manager, found);
    return found;
}

}  // namespace salvor::verify
