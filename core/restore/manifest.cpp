#include "core/restore/manifest.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <map>

#include "formats/base/mapped_file.hpp"

namespace salvor::restore {
namespace fs = std::filesystem;
namespace {

/// kubeadm's has some 4 KB; the API server takes no object above 3 MB.
constexpr std::size_t max_size = 3 << 20;

constexpr std::string_view environment_prefix = "ETCD_";

/// Source: etcd server/embed/config.go, AddFlags
constexpr std::array addresses{"listen-peer-urls", "listen-client-urls", "advertise-client-urls"};
constexpr std::array files{"cert-file",      "key-file",      "trusted-ca-file",
                           "peer-cert-file", "peer-key-file", "peer-trusted-ca-file"};
constexpr std::array switches{"client-cert-auth", "peer-client-cert-auth"};

struct Arguments {
    std::map<std::string, std::string> values;
    const std::string* find(const std::string& name) const {
        const auto found = values.find(name);
        return found == values.end() ? nullptr : &found->second;
    }
};

bool is_etcd(const std::string& word) {
    return fs::path(word).filename() == "etcd";
}

std::vector<std::string> words_of(const YAML::Node& container) {
    std::vector<std::string> words;
    for (const char* list : {"command", "args"}) {
        for (const auto& word : container[list]) words.push_back(word.as<std::string>());
    }
    return words;
}

std::map<std::string, std::string> environment_of(const YAML::Node& container) {
    std::map<std::string, std::string> variables;
    for (const auto& variable : container["env"]) {
        if (variable["value"])
            variables[variable["name"].as<std::string>()] = variable["value"].as<std::string>();
    }
    return variables;
}

/// `ETCD_INITIAL_CLUSTER` is `--initial-cluster`.
std::string option_of(std::string variable) {
    for (char& c : variable)
        c = c == '_' ? '-' : static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
    return variable.substr(environment_prefix.size());
}

/// `--name=m1`, `--name m1`, and each behind one hyphen; of several the last. What the environment
/// sets is overridden by flags.
Arguments arguments_of(const YAML::Node& container) {
    Arguments arguments;
    for (const auto& [name, value] : environment_of(container)) {
        if (name.starts_with(environment_prefix)) arguments.values[option_of(name)] = value;
    }
    const auto words = words_of(container);
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (!words[i].starts_with('-')) continue;
        const auto option = words[i].substr(words[i].starts_with("--") ? 2 : 1);
        const auto equals = option.find('=');
        if (equals != std::string::npos) {
            arguments.values[option.substr(0, equals)] = option.substr(equals + 1);
        } else if (i + 1 < words.size() && !words[i + 1].starts_with('-')) {
            arguments.values[option] = words[i + 1];
        } else if (std::ranges::find(switches, option) != switches.end()) {
            arguments.values[option] = "true";
        }
    }
    return arguments;
}

/// `$(NODE)` as kubelet fills it in; `$$(NODE)` stays, less a dollar.
/// Source: kubernetes third_party/forked/golang/expansion/expand.go
Result<std::string> expanded(const std::string& text, const std::string& option,
                             const std::map<std::string, std::string>& variables,
                             std::string_view path) {
    std::string out;
    for (Bytes rest = text; !rest.empty();) {
        const bool is_escaped = rest.starts_with("$$");
        const auto close = rest.starts_with("$(") ? rest.find(')') : rest.npos;
        if (close == rest.npos) {
            out += rest.front();
            rest.remove_prefix(is_escaped ? 2 : 1);
            continue;
        }
        const auto found = variables.find(std::string(rest.substr(2, close - 2)));
        if (found == variables.end()) {
            return fail(ErrorCode::malformed,
                        "{}: --{} is {}, and the value of {} is not in the manifest", path, option,
                        text, rest.substr(2, close - 2));
        }
        out += found->second;
        rest.remove_prefix(close + 1);
    }
    return out;
}

YAML::Node etcd_container(const YAML::Node& pod) {
    for (const auto& container : pod["spec"]["containers"]) {
        const auto words = words_of(container);
        if ((!words.empty() && is_etcd(words.front())) ||
            (container["name"] && container["name"].as<std::string>() == "etcd")) {
            return container;
        }
    }
    return YAML::Node(YAML::NodeType::Undefined);
}

std::optional<fs::path> host_path_of_volume(const YAML::Node& pod, const std::string& name) {
    for (const auto& volume : pod["spec"]["volumes"]) {
        if (volume["name"].as<std::string>() == name && volume["hostPath"]) {
            return volume["hostPath"]["path"].as<std::string>();
        }
    }
    return {};
}

/// `/a/b/` names the same as `/a/b`.
fs::path without_slash(const fs::path& path) {
    return path.filename().empty() ? path.parent_path() : path;
}

/// By the longest mount that holds it. nullopt: it lies in the container alone.
std::optional<fs::path> on_host(const YAML::Node& pod, const YAML::Node& container,
                                const fs::path& inside) {
    std::optional<fs::path> found;
    std::size_t longest = 0;
    for (const auto& mount : container["volumeMounts"]) {
        const fs::path at = mount["mountPath"].as<std::string>();
        const auto within = inside.lexically_normal().lexically_relative(at.lexically_normal());
        if (within.empty() || *within.begin() == ".." || at.string().size() <= longest) continue;
        longest = at.string().size();
        found = host_path_of_volume(pod, mount["name"].as<std::string>());
        if (found && mount["subPath"]) *found /= mount["subPath"].as<std::string>();
        if (found) found = without_slash((*found / within).lexically_normal());
    }
    return found;
}

std::optional<etcd::Version> version_of_image(const YAML::Node& container) {
    if (!container["image"]) return {};
    const auto image = container["image"].as<std::string>();
    const auto name = image.substr(0, image.find('@'));
    const auto colon = name.rfind(':');
    if (colon == std::string::npos || name.find('/', colon) != std::string::npos) return {};
    const auto tag = name.substr(colon + 1);
    return etcd::parse_version(tag.starts_with('v') ? Bytes(tag).substr(1) : Bytes(tag));
}

Result<std::optional<fs::path>> folder(const YAML::Node& pod, const YAML::Node& container,
                                       const std::string* inside, std::string_view path) {
    if (!inside) return std::nullopt;
    auto host = on_host(pod, container, *inside);
    if (!host) {
        return fail(ErrorCode::malformed,
                    "{}: {} is on no hostPath volume, so no folder of this host", path, *inside);
    }
    return host;
}

/// The files are the host's, but for one that lies in the image.
std::vector<std::pair<std::string, std::string>> serving(const YAML::Node& pod,
                                                         const YAML::Node& container,
                                                         const Arguments& arguments) {
    std::vector<std::pair<std::string, std::string>> options;
    for (const char* name : addresses) {
        if (const auto* value = arguments.find(name)) options.emplace_back(name, *value);
    }
    for (const char* name : files) {
        const auto* value = arguments.find(name);
        if (!value) continue;
        options.emplace_back(name, on_host(pod, container, *value).value_or(*value).string());
    }
    for (const char* name : switches) {
        if (const auto* value = arguments.find(name)) options.emplace_back(name, *value);
    }
    return options;
}

Result<Manifest> read_pod(const YAML::Node& pod, std::string_view path) {
    const auto container = pod.IsMap() && pod["spec"].IsDefined()
                               ? etcd_container(pod)
                               : YAML::Node(YAML::NodeType::Undefined);
    if (!container.IsDefined()) {
        return fail(ErrorCode::malformed, "{}: no pod with an etcd container", path);
    }
    auto arguments = arguments_of(container);
    const auto variables = environment_of(container);
    for (const char* option : {"name", "data-dir", "wal-dir", "initial-advertise-peer-urls",
                               "initial-cluster", "initial-cluster-token", "listen-peer-urls",
                               "listen-client-urls", "advertise-client-urls"}) {
        const auto found = arguments.values.find(option);
        if (found == arguments.values.end()) continue;
        SALVOR_TRY(found->second, expanded(found->second, option, variables, path));
    }
    const auto text = [&](const char* name) {
        const auto* value = arguments.find(name);
        return value ? std::optional(*value) : std::nullopt;
    };
    Manifest manifest;
    manifest.name = text("name");
    manifest.initial_advertise_peer_urls = text("initial-advertise-peer-urls");
    manifest.initial_cluster = text("initial-cluster");
    manifest.initial_cluster_token = text("initial-cluster-token");
    manifest.image_version = version_of_image(container);
    manifest.serving = serving(pod, container, arguments);
    SALVOR_TRY(manifest.data_dir, folder(pod, container, arguments.find("data-dir"), path));
    SALVOR_TRY(manifest.wal_dir, folder(pod, container, arguments.find("wal-dir"), path));
    return manifest;
}

}  // namespace

Result<Manifest> parse_manifest(std::string_view yaml, std::string_view path) {
    try {
        return read_pod(YAML::Load(std::string(yaml)), path);
    } catch (const YAML::Exception& error) {
        const auto line = error.mark.is_null() ? "" : fmt::format("line {}: ", error.mark.line + 1);
        return fail(ErrorCode::malformed, "{}: {}{}", path, line, error.msg);
    }
}

Result<Manifest> read_manifest(const fs::path& path) {
    SALVOR_TRY(const auto file, MappedFile::open(path));
    if (file.bytes().size() > max_size) {
        return fail(ErrorCode::too_large, "{}: {} bytes, a manifest has at most {}", path.string(),
                    file.bytes().size(), max_size);
    }
    return parse_manifest(file.bytes(), path.string());
}

}  // namespace salvor::restore
