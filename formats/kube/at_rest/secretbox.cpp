#include <sodium.h>

#include "formats/kube/at_rest/provider.hpp"

namespace salvor::kube::at_rest {
namespace {

const unsigned char* octets(Bytes bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

/// OFFSET SIZE FIELD
///      0   24 nonce
///     24    - NaCl's secretbox (XSalsa20-Poly1305), its 16-byte tag first; nothing else is bound
class Secretbox : public Provider {
 public:
    explicit Secretbox(std::vector<Key> keys) : keys_(std::move(keys)) {}
    Bytes scheme() const override { return "secretbox"; }
    Bytes version() const override { return "v1"; }
    const std::vector<Key>& keys() const override { return keys_; }

    Result<std::string> open(const Key& key, Bytes body, Bytes) const override {
        constexpr std::size_t least = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;
        if (body.size() < least)
            return fail(ErrorCode::malformed, "secretbox: {} bytes are too few for nonce and tag",
                        body.size());
        const Bytes sealed = body.substr(crypto_secretbox_NONCEBYTES);
        std::string plain(sealed.size() - crypto_secretbox_MACBYTES, '\0');
        if (crypto_secretbox_open_easy(reinterpret_cast<unsigned char*>(plain.data()),
                                       octets(sealed), sealed.size(), octets(body),
                                       octets(key.secret)) != 0) {
            return fail(ErrorCode::malformed,
                        "secretbox: key {} does not open it: the tag is wrong", key.name);
        }
        return plain;
    }

 private:
    std::vector<Key> keys_;
};

}  // namespace

Result<std::unique_ptr<Provider>> make_secretbox(std::vector<Key> keys) {
    for (const auto& key : keys) {
        if (key.secret.size() != crypto_secretbox_KEYBYTES) {
            return fail(ErrorCode::malformed, "secretbox key {}: its secret has {} bytes, not {}",
                        key.name, key.secret.size(), crypto_secretbox_KEYBYTES);
        }
    }
    return std::make_unique<Secretbox>(std::move(keys));
}

}  // namespace salvor::kube::at_rest
