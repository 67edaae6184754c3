#include <algorithm>
#include <array>
#include <set>

#include "core/cluster/describe/parts.hpp"
#include "core/cluster/redact.hpp"

// What is configured, and who runs: ConfigMap, Secret, ServiceAccount.

namespace salvor::describe {
namespace {

constexpr std::uint8_t values_are_spaced_since = 31;  ///< of ConfigMaps
constexpr std::uint8_t accounts_tell_secrets_until = 34;

std::uint64_t decoded_size(std::string_view base64) {
    const auto bytes = kube::parse_base64(base64);
    return bytes ? bytes->size() : base64.size();
}

void describe_config_map(const Subject& subject, Writer& out) {
    const auto& object = subject.object;
    name_and_namespace(subject, out);
    labels_and_annotations(subject, out);
    out.write(0, "\nData\n====\n");
    const auto* behind = subject.release >= values_are_spaced_since ? "\n" : "";
    for (const auto* member : sorted(object.find("data")))
        out.write(0, "{}:\n----\n{}\n{}", member->name, text_of(&member->value), behind);
    out.write(0, "\nBinaryData\n====\n");
    for (const auto* member : sorted(object.find("binaryData")))
        out.write(0, "{}: {} bytes\n", member->name, decoded_size(member->value.string));
    out.write(0, "\n");
}

constexpr std::string_view token_type = "kubernetes.io/service-account-token";

/// Sizes; of a service account's token the token itself, where secrets are shown.
void describe_secret(const Subject& subject, Writer& out) {
    const auto& object = subject.object;
    name_and_namespace(subject, out);
    labels_and_annotations(subject, out);
    out.write(0, "\nType:\t{}\n", text_at(object, "type"));
    out.write(0, "\nData\n====\n");
    for (const auto* member : sorted(object.find("data"))) {
        const auto value = member->value.string;
        const auto redacted = cluster::Redactor::size_told(value);
        if (!redacted && member->name == "token" && text_at(object, "type") == token_type) {
            out.write(0, "{}:\t{}\n", member->name, kube::parse_base64(value).value_or(""));
        } else {
            out.write(0, "{}:\t{} bytes\n", member->name,
                      redacted ? *redacted : decoded_size(value));
        }
    }
}

void named_secrets(Writer& out, std::string_view title, const std::vector<std::string>& names,
                   const std::set<std::string>& missing) {
    if (names.empty()) return out.write(0, "{}\t<none>\n", title);
    for (const auto& name : names) {
        out.write(0, "{}\t{}{}\n", title, name, missing.contains(name) ? " (not found)" : "");
        title = "                   ";
    }
}

std::vector<std::string> names_at(const Value& object, std::string_view path) {
    std::vector<std::string> names;
    for (const auto& one : items_at(object, path)) names.emplace_back(one.text("name"));
    return names;
}

/// Secrets that are an account's tokens. Takes those that there are out of `missing`.
std::vector<std::string> tokens_of(const Subject& subject, std::set<std::string>& missing) {
    std::vector<std::string> tokens;
    const auto& account = subject.object;
    const auto says = [](const Value& secret, std::string_view name, std::string_view wanted) {
        const auto* found = table::annotation(secret, name);
        return (found ? found->string : std::string_view{}) == wanted;
    };
    subject.around.each("secrets", string_at(account, "metadata.namespace"), [&](const Value& one) {
        const auto name = text_at(one, "metadata.name");
        missing.erase(name);
        if (text_at(one, "type") == token_type &&
            says(one, "kubernetes.io/service-account.name", string_at(account, "metadata.name")) &&
            says(one, "kubernetes.io/service-account.uid", string_at(account, "metadata.uid")))
            tokens.push_back(name);
    });
    return tokens;
}

void describe_service_account(const Subject& subject, Writer& out) {
    const auto& account = subject.object;
    name_and_namespace(subject, out);
    labels_and_annotations(subject, out);
    const auto pulled = names_at(account, "imagePullSecrets");
    if (subject.release > accounts_tell_secrets_until)
        return named_secrets(out, "Image pull secrets:", pulled, {});
    const auto mounted = names_at(account, "secrets");
    std::set<std::string> missing(pulled.begin(), pulled.end());
    missing.insert(mounted.begin(), mounted.end());
    const auto tokens = tokens_of(subject, missing);
    named_secrets(out, "Image pull secrets:", pulled, missing);
    named_secrets(out, "Mountable secrets: ", mounted, missing);
    named_secrets(out, "Tokens:            ", tokens, missing);
}

}  // namespace

std::span<const Kind> basics() {
    static constexpr std::array kinds{
        Kind{"", "ConfigMap", describe_config_map},
        Kind{"", "Secret", describe_secret, Events::none},
        Kind{"", "ServiceAccount", describe_service_account},
    };
    return kinds;
}

}  // namespace salvor::describe
