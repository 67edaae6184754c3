#include "formats/kube/at_rest/config.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <optional>

#include "formats/kube/special.hpp"

namespace salvor::kube::at_rest {
namespace {

constexpr std::size_t max_config_size = 1 << 20;

struct Refused {
    std::string message;
};

std::string text(const YAML::Node& node, const char* name) {
    const auto value = node[name];
    if (!value || !value.IsScalar())
        throw Refused{fmt::format("line {}: {} is missing", node.Mark().line + 1, name)};
    return value.Scalar();
}

std::vector<Key> read_keys(const YAML::Node& provider) {
    const auto list = provider["keys"];
    if (!list || !list.IsSequence() || list.size() == 0)
        throw Refused{fmt::format("line {}: a provider without keys", provider.Mark().line + 1)};
    std::vector<Key> keys;
    for (const auto& node : list) {
        const auto secret = parse_base64(text(node, "secret"));
        if (!secret)
            throw Refused{fmt::format("line {}: the secret of key {} is no base64",
                                      node.Mark().line + 1, text(node, "name"))};
        keys.push_back({text(node, "name"), *secret});
    }
    return keys;
}

std::unique_ptr<Provider> checked(Result<std::unique_ptr<Provider>> provider,
                                  const YAML::Node& node) {
    if (!provider)
        throw Refused{fmt::format("line {}: {}", node.Mark().line + 1, provider.error().message)};
    return std::move(*provider);
}

std::unique_ptr<Provider> read_provider(const YAML::Node& node) {
    if (!node.IsMap() || node.size() != 1)
        throw Refused{fmt::format(
            "line {}: a provider must be one of aescbc, aesgcm, secretbox, kms, identity",
            node.Mark().line + 1)};
    const auto kind = node.begin()->first.Scalar();
    const YAML::Node body = node.begin()->second;
    if (kind == "identity") return make_identity();
    if (kind == "aescbc") return checked(make_aescbc(read_keys(body)), node);
    if (kind == "aesgcm") return checked(make_aesgcm(read_keys(body)), node);
    if (kind == "secretbox") return checked(make_secretbox(read_keys(body)), node);
    if (kind == "kms") {
        const auto version = body["apiVersion"] ? body["apiVersion"].Scalar() : "v1";
        return make_kms(version, text(body, "name"));
    }
    throw Refused{fmt::format("line {}: provider {} is not known", node.Mark().line + 1, kind)};
}

bool is_config(const YAML::Node& root) {
    const auto version = root["apiVersion"] ? root["apiVersion"].Scalar() : "";
    const auto kind = root["kind"] ? root["kind"].Scalar() : "";
    return (version == "apiserver.config.k8s.io/v1" && kind == "EncryptionConfiguration") ||
           (version == "v1" && kind == "EncryptionConfig");
}

}  // namespace

Result<Config> Config::parse(Bytes bytes) {
    if (bytes.size() > max_config_size)
        return fail(ErrorCode::too_large, "{} bytes are no encryption configuration", bytes.size());
    Config config;
    try {
        const auto root = YAML::Load(std::string(bytes));
        if (!root.IsMap() || !is_config(root))
            throw Refused{"it is no EncryptionConfiguration of apiserver.config.k8s.io/v1"};
        if (!root["resources"] || !root["resources"].IsSequence())
            throw Refused{"it names no resources"};
        for (const auto& node : root["resources"]) {
            auto& rule = config.rules_.emplace_back();
            for (const auto& resource : node["resources"])
                rule.resources.push_back(resource.Scalar());
            for (const auto& provider : node["providers"])
                rule.providers.push_back(read_provider(provider));
            if (rule.resources.empty() || rule.providers.empty()) {
                throw Refused{fmt::format("line {}: a rule without resources or providers",
                                          node.Mark().line + 1)};
            }
        }
    } catch (const Refused& refused) {
        return fail(ErrorCode::malformed, "encryption configuration: {}", refused.message);
    } catch (const YAML::Exception& error) {
        return fail(ErrorCode::malformed, "encryption configuration: {}", error.what());
    }
    return config;
}

std::vector<const Provider*> Config::providers(Bytes resource, Bytes group) const {
    const auto exact =
        group.empty() ? std::string(resource) : fmt::format("{}.{}", resource, group);
    for (const auto& wanted : {exact, fmt::format("*.{}", group), std::string("*.*")}) {
        std::vector<const Provider*> found;
        for (const auto& rule : rules_) {
            if (std::find(rule.resources.begin(), rule.resources.end(), wanted) ==
                rule.resources.end())
                continue;
            for (const auto& provider : rule.providers) found.push_back(provider.get());
        }
        if (!found.empty()) return found;
    }
    static const auto identity = make_identity();
    return {identity.get()};
}

Result<Opened> Config::open(Bytes resource, Bytes group, Bytes path, Bytes value) const {
    const auto mark = parse_mark(value);
    const auto in_order = providers(resource, group);
    if (!mark) {
        if (value.starts_with("k8s:enc:"))
            return fail(ErrorCode::malformed, "an encrypted value whose mark is cut short");
        return Opened{{}, false, {}, !in_order.front()->scheme().empty()};
    }
    std::optional<Error> failure;
    for (const auto* provider : in_order) {
        if (provider->scheme() != mark->scheme || provider->version() != mark->version) continue;
        for (const auto& key : provider->keys()) {
            if (key.name != mark->name) continue;
            auto plain = provider->open(key, mark->body, path);
            if (plain)
                return Opened{std::move(*plain), true, key.name,
                              provider != in_order.front() || &key != &provider->keys().front()};
            if (!failure) failure = plain.error();
        }
    }
    if (failure) return std::unexpected(*failure);
    return fail(ErrorCode::not_found, "no key {} of {} {} is in the configuration for {}",
                mark->name, mark->scheme, mark->version,
                group.empty() ? std::string(resource) : fmt::format("{}.{}", resource, group));
}

}  // namespace salvor::kube::at_rest
