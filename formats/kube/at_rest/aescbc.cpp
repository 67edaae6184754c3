#include "formats/kube/at_rest/aes.hpp"

namespace salvor::kube::at_rest {
namespace {

constexpr std::size_t block = 16;

/// OFFSET SIZE FIELD
///      0   16 IV
///     16    - AES-CBC of the value padded by PKCS#7; no tag, and the key's path is not bound
class AesCbc : public Provider {
 public:
    explicit AesCbc(std::vector<Key> keys) : keys_(std::move(keys)) {}
    Bytes scheme() const override { return "aescbc"; }
    Bytes version() const override { return "v1"; }
    const std::vector<Key>& keys() const override { return keys_; }

    Result<std::string> open(const Key& key, Bytes body, Bytes) const override {
        if (body.size() < 2 * block || body.size() % block != 0) {
            return fail(ErrorCode::malformed, "aescbc: {} bytes are no IV and whole blocks",
                        body.size());
        }
        const auto* cipher = key.secret.size() == 16   ? EVP_aes_128_cbc()
                             : key.secret.size() == 24 ? EVP_aes_192_cbc()
                                                       : EVP_aes_256_cbc();
        const CipherContext context(EVP_CIPHER_CTX_new());
        std::string plain(body.size(), '\0');
        int first = 0, last = 0;
        const Bytes sealed = body.substr(block);
        const bool good = EVP_DecryptInit_ex(context.get(), cipher, nullptr,
                                             octets(Bytes(key.secret)), octets(body)) == 1 &&
                          EVP_DecryptUpdate(context.get(), octets(plain), &first, octets(sealed),
                                            static_cast<int>(sealed.size())) == 1 &&
                          EVP_DecryptFinal_ex(context.get(), octets(plain) + first, &last) == 1;
        if (!good)
            return fail(ErrorCode::malformed,
                        "aescbc: key {} does not open it: the padding is wrong", key.name);
        plain.resize(static_cast<std::size_t>(first + last));
        return plain;
    }

 private:
    std::vector<Key> keys_;
};

}  // namespace

Result<void> check_aes_keys(Bytes scheme, const std::vector<Key>& keys) {
    for (const auto& key : keys) {
        const auto size = key.secret.size();
        if (size != 16 && size != 24 && size != 32) {
            return fail(ErrorCode::malformed,
                        "{} key {}: its secret has {} bytes, AES takes 16, 24 or 32", scheme,
                        key.name, size);
        }
    }
    return {};
}

Result<std::unique_ptr<Provider>> make_aescbc(std::vector<Key> keys) {
    SALVOR_CHECK(check_aes_keys("aescbc", keys));
    return std::make_unique<AesCbc>(std::move(keys));
}

}  // namespace salvor::kube::at_rest
