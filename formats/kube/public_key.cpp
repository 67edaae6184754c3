#include "formats/kube/public_key.hpp"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <climits>
#include <memory>

#include "formats/base/checksum.hpp"
#include "formats/base/octets.hpp"
#include "formats/base/release.hpp"
#include "formats/kube/base64url.hpp"

namespace salvor::kube {
namespace {

using Key = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>>;
using Bio = std::unique_ptr<BIO, Release<BIO_free>>;
using Context = std::unique_ptr<EVP_MD_CTX, Release<EVP_MD_CTX_free>>;
using Signature = std::unique_ptr<ECDSA_SIG, Release<ECDSA_SIG_free>>;

/// One block of a PEM text; what was secret in it is wiped.
struct Block {
    char* name = nullptr;
    char* header = nullptr;
    unsigned char* data = nullptr;
    long size = 0;

    Block() = default;
    Block(const Block&) = delete;
    Block& operator=(const Block&) = delete;
    ~Block() {
        OPENSSL_free(name);
        OPENSSL_free(header);
        OPENSSL_clear_free(data, static_cast<std::size_t>(size));
    }
};

Key key_of(const Block& block) {
    const std::string_view name = block.name;
    const unsigned char* at = block.data;
    if (name == PEM_STRING_PUBLIC) return Key(d2i_PUBKEY(nullptr, &at, block.size));
    if (name == PEM_STRING_RSA_PUBLIC)
        return Key(d2i_PublicKey(EVP_PKEY_RSA, nullptr, &at, block.size));
    if (name == PEM_STRING_PKCS8INF || name == PEM_STRING_RSA || name == PEM_STRING_ECPRIVATEKEY)
        return Key(d2i_AutoPrivateKey(nullptr, &at, block.size));
    if (name != PEM_STRING_X509 && name != PEM_STRING_X509_OLD) return {};
    const std::unique_ptr<X509, Release<X509_free>> certificate(d2i_X509(nullptr, &at, block.size));
    return Key(certificate ? X509_get_pubkey(certificate.get()) : nullptr);
}

std::string der_of(const EVP_PKEY* key) {
    unsigned char* der = nullptr;
    const int size = i2d_PUBKEY(key, &der);
    if (size <= 0) return {};
    std::string text(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
    OPENSSL_free(der);
    return text;
}

/// The two numbers of a JWT's signature as OpenSSL takes them: in DER. Source: RFC 7518 section 3.4
std::string signature_der(Bytes numbers) {
    const auto half = numbers.size() / 2;
    const Signature signature(ECDSA_SIG_new());
    auto* r = BN_bin2bn(octets(numbers), static_cast<int>(half), nullptr);
    auto* s = BN_bin2bn(octets(numbers) + half, static_cast<int>(half), nullptr);
    if (!signature || ECDSA_SIG_set0(signature.get(), r, s) != 1) {
        BN_free(r);
        BN_free(s);
        return {};
    }
    unsigned char* der = nullptr;
    const int size = i2d_ECDSA_SIG(signature.get(), &der);
    if (size <= 0) return {};
    std::string text(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
    OPENSSL_free(der);
    return text;
}

const EVP_MD* digest_of(std::string_view bits) {
    if (bits == "256") return EVP_sha256();
    if (bits == "384") return EVP_sha384();
    return bits == "512" ? EVP_sha512() : nullptr;
}

}  // namespace

std::string PublicKey::id() const {
    const auto digest = sha256(der_);
    return base64url({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

bool PublicKey::verifies(std::string_view algorithm, Bytes text, Bytes signature) const {
    constexpr std::size_t prefix = 2, longest = 4096;
    const auto* at = octets(der_);
    const Key key(d2i_PUBKEY(nullptr, &at, static_cast<long>(der_.size())));
    const auto* digest = digest_of(algorithm.substr(std::min(prefix, algorithm.size())));
    if (!key || !digest || signature.empty() || signature.size() > longest) return false;
    const bool is_rsa = algorithm.starts_with("RS") && EVP_PKEY_is_a(key.get(), "RSA") == 1;
    const bool is_curve = algorithm.starts_with("ES") && EVP_PKEY_is_a(key.get(), "EC") == 1;
    if (!is_rsa && (!is_curve || signature.size() % 2 != 0)) return false;
    const auto form = is_rsa ? std::string(signature) : signature_der(signature);
    const Context context(EVP_MD_CTX_new());
    return context &&
           EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key.get()) == 1 &&
           EVP_DigestVerify(context.get(), octets(form), form.size(), octets(text), text.size()) ==
               1;
}

std::vector<PublicKey> public_keys_in(Bytes pem, std::size_t most) {
    std::vector<PublicKey> found;
    if (pem.empty() || pem.size() > INT_MAX) return found;
    const Bio in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    while (in && found.size() < most) {
        Block block;
        if (PEM_read_bio(in.get(), &block.name, &block.header, &block.data, &block.size) != 1)
            break;
        const auto key = key_of(block);
        auto der = key ? der_of(key.get()) : std::string();
        if (!der.empty()) found.emplace_back(std::move(der));
    }
    return found;
}

}  // namespace salvor::kube
