#include <openssl/evp.h>
#include <sodium.h>

#include <string>

#include "core/cluster/object.hpp"
#include "formats/kube/at_rest/config.hpp"

// The first byte picks: a text as an EncryptionConfiguration; a stored value under fixed keys of
// each provider; a plain value that is sealed here, opened, and changed at one place.

namespace {

using namespace salvor;
using kube::at_rest::Config;

void require(bool holds) {
    if (!holds) __builtin_trap();
}

constexpr Bytes path = "/registry/secrets/default/s";
constexpr Bytes secret{"0123456789abcdef0123456789abcdef", 32};

const Config& fixed() {
    static const auto config = Config::parse(R"(
apiVersion: apiserver.config.k8s.io/v1
kind: EncryptionConfiguration
resources:
- resources: [secrets]
  providers:
  - aescbc: {keys: [{name: k, secret: MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=}]}
  - aesgcm: {keys: [{name: k, secret: MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=}]}
  - secretbox: {keys: [{name: k, secret: MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=}]}
  - kms: {apiVersion: v2, name: k, endpoint: "unix:///k"}
  - identity: {}
)");
    return *config;
}

const unsigned char* octets(Bytes bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

/// By OpenSSL alone: IV or nonce of zeros, what it binds, the tag behind.
std::string sealed_aes(const EVP_CIPHER* cipher, Bytes bound, std::size_t tag_size, Bytes plain) {
    const std::string nonce(static_cast<std::size_t>(EVP_CIPHER_get_iv_length(cipher)), '\0');
    std::string out(plain.size() + 32, '\0');
    auto* to = reinterpret_cast<unsigned char*>(out.data());
    auto* context = EVP_CIPHER_CTX_new();
    int size = 0, more = 0;
    EVP_EncryptInit_ex(context, cipher, nullptr, octets(secret), octets(nonce));
    if (!bound.empty())
        EVP_EncryptUpdate(context, nullptr, &size, octets(bound), static_cast<int>(bound.size()));
    EVP_EncryptUpdate(context, to, &size, octets(plain), static_cast<int>(plain.size()));
    EVP_EncryptFinal_ex(context, to + size, &more);
    size += more;
    if (tag_size > 0)
        EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, static_cast<int>(tag_size), to + size);
    EVP_CIPHER_CTX_free(context);
    out.resize(static_cast<std::size_t>(size) + tag_size);
    return nonce + out;
}

std::string sealed_box(Bytes plain) {
    const std::string nonce(crypto_secretbox_NONCEBYTES, '\0');
    std::string out(plain.size() + crypto_secretbox_MACBYTES, '\0');
    crypto_secretbox_easy(reinterpret_cast<unsigned char*>(out.data()), octets(plain), plain.size(),
                          octets(nonce), octets(secret));
    return nonce + out;
}

void open(Bytes value) {
    const auto opened = fixed().open("secrets", "", path, value);
    if (!opened) require(!opened.error().message.empty());
    static const kube::Schema schema(kube::schema::newest_release);
    etcd::KeyValue row;
    row.key = path;
    row.value = value;
    const auto object = cluster::Object::open(schema, {}, row, &fixed());
    if (!object) return require(!object.error().message.empty());
    require(opened.has_value());
}

void seal(Bytes input) {
    const auto place = static_cast<unsigned char>(input.empty() ? 0 : input[0]);
    const auto plain = input.substr(std::min<std::size_t>(1, input.size()));
    const std::pair<std::string, std::string> values[] = {
        {"aescbc", sealed_aes(EVP_aes_256_cbc(), {}, 0, plain)},
        {"aesgcm", sealed_aes(EVP_aes_256_gcm(), path, 16, plain)},
        {"secretbox", sealed_box(plain)}};
    for (const auto& [scheme, body] : values) {
        const auto mark = "k8s:enc:" + scheme + ":v1:k:";
        const auto opened = fixed().open("secrets", "", path, mark + body);
        require(opened && opened->plain == plain && opened->was_encrypted);
        auto changed = body;
        changed[place % changed.size()] ^= 1;
        const auto other = fixed().open("secrets", "", path, mark + changed);
        require(scheme == "aescbc" ? !other || other->plain != plain : !other);
    }
}

void configure(Bytes text) {
    const auto config = Config::parse(text);
    if (!config) return require(!config.error().message.empty());
    for (const auto* group : {"", "apps"}) {
        require(!config->providers("secrets", group).empty());
        for (const auto* value : {"k8s:enc:aescbc:v1:k:", "k8s:enc:kms:v1:k:x", "k8s:enc:", "{}"}) {
            const auto opened = config->open("secrets", group, path, value);
            if (!opened) require(!opened.error().message.empty());
        }
    }
}

constexpr void (*kinds[])(Bytes) = {configure, open, seal};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    kinds[data[0] % std::size(kinds)](Bytes(reinterpret_cast<const char*>(data) + 1, size - 1));
    return 0;
}
