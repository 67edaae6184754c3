#include "core/cluster/export/rename.hpp"

#include <algorithm>

#include "formats/text/escape.hpp"

namespace salvor::cluster {
namespace {

using kube::Value;

constexpr Bytes name_label = "kubernetes.io/metadata.name";
constexpr Bytes account_user = "system:serviceaccount:";
constexpr Bytes account_group = "system:serviceaccounts:";

/// Texts in these are the user's own, whatever they look like.
bool is_opaque(Bytes member) {
    return member == "data" || member == "binaryData" || member == "stringData" ||
           member == "annotations" || member == "env" || member == "args" || member == "command";
}

class Renaming {
 public:
    Renaming(const NamespaceNames& names, kube::Document& document)
        : names_(names), document_(document) {}

    bool walk(Value& value, std::size_t depth) {
        if (depth > kube::max_value_depth) return false;
        bool any = role_rule(value);
        any = requirement(value) || any;
        for (auto& item : value.items) any = walk(item, depth + 1) || any;
        for (auto& [name, member] : value.members) {
            if (is_opaque(name)) continue;
            any = (name == "labels" ? false : one(name, member)) || any;
            if (name != "labels") any = walk(member, depth + 1) || any;
        }
        return any;
    }

    bool text(Value& value) {
        if (!value.is_string()) return false;
        const auto found = names_.find(value.string);
        if (found == names_.end()) return false;
        value.string = document_.keep(found->second);
        return true;
    }

 private:
    bool one(Bytes name, Value& value) {
        if (name == "namespace" || name == "secretNamespace" || name == name_label ||
            name.ends_with("-secret-namespace"))
            return text(value);
        if (name == "namespaces") return texts(value);
        if (name == "name" || name == "username" || name == "users" || name == "groups")
            return account(value);
        return false;
    }

    bool texts(Value& list) {
        bool any = false;
        for (auto& item : list.items) any = text(item) || any;
        return any;
    }

    /// system:serviceaccount:NAMESPACE:NAME, system:serviceaccounts:NAMESPACE
    bool account(Value& value) {
        bool any = false;
        for (auto& item : value.items) any = account(item) || any;
        if (!value.is_string()) return any;
        const bool is_user = value.string.starts_with(account_user);
        if (!is_user && !value.string.starts_with(account_group)) return any;
        const auto prefix = is_user ? account_user : account_group;
        const auto rest = value.string.substr(prefix.size());
        const auto end = is_user ? std::min(rest.find(':'), rest.size()) : rest.size();
        const auto found = names_.find(rest.substr(0, end));
        if (found == names_.end()) return any;
        value.string =
            document_.keep(fmt::format("{}{}{}", prefix, found->second, rest.substr(end)));
        return true;
    }

    /// A rule of a role that names namespaces themselves.
    bool role_rule(Value& value) {
        const auto* resources = static_cast<const Value&>(value).find("resources");
        auto* names = value.find("resourceNames");
        if (!resources || !names) return false;
        const bool is_namespaces =
            std::any_of(resources->items.begin(), resources->items.end(), [](const Value& one) {
                return one.string == "namespaces" || one.string.starts_with("namespaces/");
            });
        return is_namespaces && texts(*names);
    }

    /// An item of matchExpressions.
    bool requirement(Value& value) {
        if (value.text("key") != name_label) return false;
        auto* values = value.find("values");
        return values && texts(*values);
    }

    const NamespaceNames& names_;
    kube::Document& document_;
};

bool is_name(Bytes word) {
    return !word.empty() && word.size() <= 63 &&
           word.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == Bytes::npos &&
           word.front() != '-' && word.back() != '-';
}

}  // namespace

Result<NamespaceNames> parse_renames(const std::vector<std::string>& words) {
    NamespaceNames names;
    for (const auto& word : words) {
        const auto equals = word.find('=');
        const auto old_name = word.substr(0, equals);
        const auto new_name = equals == std::string::npos ? std::string() : word.substr(equals + 1);
        if (!is_name(old_name) || !is_name(new_name)) {
            return fail(ErrorCode::usage,
                        "--rename-namespace {}: it is OLD=NEW, both of lower-case letters, digits "
                        "and -",
                        text::escape(word));
        }
        if (!names.emplace(old_name, new_name).second)
            return fail(ErrorCode::usage, "--rename-namespace: {} is renamed twice", old_name);
    }
    return names;
}

bool rename_namespaces(Subject& subject, const NamespaceNames& names) {
    if (names.empty()) return false;
    Renaming renaming(names, subject.document);
    bool any = renaming.walk(subject.value, 0);
    if (!subject.is("", "Namespace")) return any;
    auto* metadata = subject.value.find("metadata");
    auto* name = metadata ? metadata->find("name") : nullptr;
    auto* labels = metadata ? metadata->find("labels") : nullptr;
    auto* label = labels ? labels->find(name_label) : nullptr;
    any = (name && renaming.text(*name)) || any;
    return (label && renaming.text(*label)) || any;
}

}  // namespace salvor::cluster
