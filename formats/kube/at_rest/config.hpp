#pragma once

#include <memory>
#include <string>
#include <vector>

#include "formats/kube/at_rest/provider.hpp"

namespace salvor::kube::at_rest {

/// What became of one stored value.
struct Opened {
    std::string plain;  ///< empty where the value was plain already: read the value itself
    bool was_encrypted = false;
    std::string key_name;  ///< that opened it
    bool stale = false;  ///< not written by the first provider and its first key: a migration would
                         ///< rewrite it
};

/// An EncryptionConfiguration file: which providers, in which order, for which resource.
/// Source: apiserver pkg/server/options/encryptionconfig/config.go
class Config {
 public:
    /// YAML or JSON, `EncryptionConfiguration` or the older `EncryptionConfig`. Errors: malformed.
    static Result<Config> parse(Bytes text);

    /// The providers of a resource, first the one that writes: every rule that names it exactly,
    /// else those of
    /// `*.group`, else `*.*`; with none, identity alone. `group` is empty for core.
    std::vector<const Provider*> providers(Bytes resource, Bytes group) const;

    /// Opens one value as the server does: every provider whose mark fits is tried, every key of
    /// the name. Errors: not_found (no provider or key of that name), malformed (none opens it),
    /// unsupported (kms).
    Result<Opened> open(Bytes resource, Bytes group, Bytes path, Bytes value) const;

 private:
    struct Rule {
        std::vector<std::string> resources;
        std::vector<std::unique_ptr<Provider>> providers;
    };
    std::vector<Rule> rules_;
};

}  // namespace salvor::kube::at_rest
