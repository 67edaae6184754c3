#include "formats/kube/at_rest/aes.hpp"

namespace salvor::kube::at_rest {
namespace {

constexpr std::size_t nonce_size = 12;
constexpr std::size_t tag_size = 16;

/// OFFSET SIZE FIELD
///      0   12 nonce
///     12    - AES-GCM of the value, its additional data the whole etcd key
///      -   16 tag
class AesGcm : public Provider {
 public:
    explicit AesGcm(std::vector<Key> keys) : keys_(std::move(keys)) {}
    Bytes scheme() const override { return "aesgcm"; }
    Bytes version() const override { return "v1"; }
    const std::vector<Key>& keys() const override { return keys_; }

    Result<std::string> open(const Key& key, Bytes body, Bytes path) const override {
        if (body.size() < nonce_size + tag_size) {
            return fail(ErrorCode::malformed, "aesgcm: {} bytes are too few for nonce and tag",
                        body.size());
        }
        const auto* cipher = key.secret.size() == 16   ? EVP_aes_128_gcm()
                             : key.secret.size() == 24 ? EVP_aes_192_gcm()
                                                       : EVP_aes_256_gcm();
        const Bytes sealed = body.substr(nonce_size, body.size() - nonce_size - tag_size);
        std::string tag(body.substr(body.size() - tag_size));
        const CipherContext context(EVP_CIPHER_CTX_new());
        std::string plain(sealed.size() + 1, '\0');
        int size = 0, last = 0;
        const bool good = EVP_DecryptInit_ex(context.get(), cipher, nullptr,
                                             octets(Bytes(key.secret)), octets(body)) == 1 &&
                          EVP_DecryptUpdate(context.get(), nullptr, &size, octets(path),
                                            static_cast<int>(path.size())) == 1 &&
                          EVP_DecryptUpdate(context.get(), octets(plain), &size, octets(sealed),
                                            static_cast<int>(sealed.size())) == 1 &&
                          EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG,
                                              static_cast<int>(tag_size), tag.data()) == 1 &&
                          EVP_DecryptFinal_ex(context.get(), octets(plain) + size, &last) == 1;
        if (!good) {
            return fail(ErrorCode::malformed,
                        "aesgcm: key {} does not open it: the tag is wrong (another key, or a "
                        "value moved to another path)",
                        key.name);
        }
        plain.resize(static_cast<std::size_t>(size + last));
        return plain;
    }

 private:
    std::vector<Key> keys_;
};

}  // namespace

Result<std::unique_ptr<Provider>> make_aesgcm(std::vector<Key> keys) {
    SALVOR_CHECK(check_aes_keys("aesgcm", keys));
    return std::make_unique<AesGcm>(std::move(keys));
}

}  // namespace salvor::kube::at_rest
