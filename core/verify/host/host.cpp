#include "core/verify/host/host.hpp"

#include <algorithm>

#include "core/verify/host/layouts.hpp"
#include "core/verify/host/rooted_path.hpp"
#include "core/verify/host/static_pods.hpp"
#include "formats/base/mapped_file.hpp"
#include "formats/base/opened_files.hpp"
#include "formats/text/escape.hpp"

namespace salvor::verify {
namespace {

namespace fs = std::filesystem;

HostFile look_at(const fs::path& root, HostRole role, std::string path) {
    HostFile file{role, std::move(path), HostFile::State::absent, {}, {}, {}};
    const auto opened = MappedFile::open(below_root(root, file.path));
    const bool is_secret = role == HostRole::account_key || role == HostRole::encryption ||
                           role == HostRole::join_token;
    if (is_secret) forget_opened_file(below_root(root, file.path));
    if (!opened) {
        if (opened.error().code == ErrorCode::not_found) return file;
        file.state = HostFile::State::unreadable;
        file.why = opened.error().message;
        return file;
    }
    file.state = HostFile::State::found;
    if (role == HostRole::encryption || role == HostRole::join_token) return file;
    file.certificates = kube::certificates_in(opened->bytes());
    if (role == HostRole::account_key) file.keys = kube::public_keys_in(opened->bytes());
    const bool tells = !file.certificates.empty() || !file.keys.empty();
    if (!tells) {
        file.state = HostFile::State::unreadable;
        file.why = fmt::format("{} has no {} in PEM", text::escape(opened->path().string()),
                               role == HostRole::account_key ? "key" : "certificate");
    }
    return file;
}

bool is_there(const HostFile& file) {
    return file.state != HostFile::State::absent;
}

std::vector<HostFile> files_of(const fs::path& root, const HostLayout& layout) {
    std::vector<HostFile> files;
    for (const auto& each : layout.paths) {
        const auto pattern = layout.path_of(each);
        auto paths = expanded(root, pattern);
        if (paths.empty()) paths.push_back("/" + pattern);
        for (auto& path : paths) {
            auto file = look_at(root, each.role, std::move(path));
            if (each.need == HostPath::Need::must || is_there(file))
                files.push_back(std::move(file));
        }
    }
    return files;
}

std::ptrdiff_t count_there(const std::vector<HostFile>& files) {
    return std::count_if(files.begin(), files.end(), is_there);
}

/// What manifests name stands in the place of the layout's own files of that role.
void take_static_pods(const fs::path& root, std::vector<HostFile>& files) {
    const auto named = files_of_static_pods(root);
    std::erase_if(files, [&](const HostFile& file) {
        return std::any_of(named.begin(), named.end(),
                           [&](const NamedFile& each) { return each.role == file.role; });
    });
    for (const auto& [role, path] : named) files.push_back(look_at(root, role, path));
    std::stable_sort(files.begin(), files.end(),
                     [](const HostFile& a, const HostFile& b) { return a.role < b.role; });
}

}  // namespace

const char* name(HostRole role) {
    switch (role) {
        case HostRole::cluster_ca: return "cluster CA";
        case HostRole::client_ca: return "client CA";
        case HostRole::front_proxy_ca: return "front-proxy CA";
        case HostRole::etcd_ca: return "etcd CA";
        case HostRole::serving: return "serving certificate";
        case HostRole::account_key: return "service-account key";
        case HostRole::encryption: return "encryption configuration";
        case HostRole::join_token: return "join token";
    }
    return "unknown";
}

bool Host::has(HostRole role) const {
    return std::any_of(files.begin(), files.end(), [&](const HostFile& file) {
        return file.role == role && file.state == HostFile::State::found;
    });
}

bool Host::trusts(HostRole role, const std::vector<kube::Certificate>& certificates) const {
    return std::any_of(files.begin(), files.end(), [&](const HostFile& file) {
        return file.role == role &&
               std::find_first_of(file.certificates.begin(), file.certificates.end(),
                                  certificates.begin(), certificates.end(),
                                  [](const auto& a, const auto& b) {
                                      return a.digest == b.digest;
                                  }) != file.certificates.end();
    });
}

std::vector<kube::PublicKey> Host::account_keys() const {
    std::vector<kube::PublicKey> all;
    for (const auto& file : files) {
        for (const auto& key : file.keys) {
            if (std::find(all.begin(), all.end(), key) == all.end()) all.push_back(key);
        }
    }
    return all;
}

std::vector<HostFile> usual_files(std::string_view layout) {
    std::vector<HostFile> files;
    for (const auto& known : host_layouts()) {
        if (known.name != layout) continue;
        for (const auto& each : known.paths) {
            if (each.need == HostPath::Need::must)
                files.push_back(
                    {each.role, "/" + known.path_of(each), HostFile::State::not_asked, {}, {}, {}});
        }
    }
    return files;
}

Result<Host> look_at_host(const fs::path& root) {
    std::error_code error;
    const auto status = fs::status(root, error);
    const auto shown = text::escape(root.string());
    if (status.type() == fs::file_type::not_found)
        return fail(ErrorCode::not_found, "--host {}: no such folder", shown);
    if (error) return fail(ErrorCode::io, "--host {}: {}", shown, error.message());
    if (!fs::is_directory(status))
        return fail(ErrorCode::not_a_file,
                    "--host {}: not a folder, and the root of a control "
                    "plane's host is one",
                    shown);
    Host host{root, {}, {}, {}};
    const HostLayout* layout = nullptr;
    for (const auto& each : host_layouts()) {
        auto files = files_of(root, each);
        const auto count = count_there(files);
        if (count == 0 || count <= count_there(host.files)) continue;
        host.files = std::move(files);
        layout = &each;
    }
    if (!layout) return host;
    host.layout = layout->name;
    if (host.layout == "kubeadm") take_static_pods(root, host.files);
    if (fs::exists(below_root(root, std::string(layout->data_directory) + "/member/snap/db"),
                   error))
        host.data_directory = "/" + std::string(layout->data_directory);
    return host;
}

}  // namespace salvor::verify
