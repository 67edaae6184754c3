#pragma once

#include <memory>
#include <string>
#include <vector>

#include "formats/base/bytes.hpp"
#include "formats/base/result.hpp"

// Values encrypted at rest by kube-apiserver: one provider a file, the layouts in
// formats/kube/FORMAT.md. Source: apiserver pkg/storage/value/encrypt

namespace salvor::kube::at_rest {

/// What an encrypted value says of itself: `k8s:enc:aescbc:v1:key1:`.
struct Mark {
    Bytes scheme;   ///< aescbc, aesgcm, secretbox, kms
    Bytes version;  ///< v1; of kms v1 or v2
    Bytes name;     ///< of the key, of the plugin with kms
    Bytes body;     ///< what follows the last colon
};
/// nullopt where the value is not encrypted, or the mark is not whole.
std::optional<Mark> parse_mark(Bytes value);

struct Key {
    std::string name;
    std::string secret;
};

/// Opens what it once sealed. `path` is the value's whole etcd key, which some schemes bind.
class Provider {
 public:
    virtual ~Provider() = default;
    virtual Bytes scheme() const = 0;   ///< as in the mark; empty: identity
    virtual Bytes version() const = 0;  ///< as in the mark
    /// Keys in their order; a kms plugin has its name alone.
    virtual const std::vector<Key>& keys() const = 0;
    /// Errors: malformed (wrong key, wrong tag, cut short), unsupported (kms).
    virtual Result<std::string> open(const Key& key, Bytes body, Bytes path) const = 0;
};

/// Errors: malformed (a secret of a wrong size).
Result<std::unique_ptr<Provider>> make_aescbc(std::vector<Key> keys);
Result<std::unique_ptr<Provider>> make_aesgcm(std::vector<Key> keys);
Result<std::unique_ptr<Provider>> make_secretbox(std::vector<Key> keys);
std::unique_ptr<Provider> make_kms(std::string version, std::string name);
std::unique_ptr<Provider> make_identity();

}  // namespace salvor::kube::at_rest
