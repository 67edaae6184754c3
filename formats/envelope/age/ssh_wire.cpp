#include "formats/envelope/age/ssh_wire.hpp"

#include <openssl/core_names.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <vector>

#include "formats/base/checksum.hpp"
#include "formats/base/octets.hpp"
#include "formats/envelope/age/primitives.hpp"

namespace salvor::envelope::age {
namespace {

constexpr Bytes begin_line = "-----BEGIN OPENSSH PRIVATE KEY-----";
constexpr Bytes end_line = "-----END OPENSSH PRIVATE KEY-----";

}  // namespace

bool is_openssh_key(Bytes file) {
    return file.starts_with(begin_line);
}

std::unexpected<Error> no_openssh_key() {
    return fail(ErrorCode::malformed, "it is no whole private key of OpenSSH");
}

Result<std::string> openssh_blob(Bytes file) {
    std::string text;
    file.remove_prefix(begin_line.size());
    for (const char letter : file.substr(0, file.find(end_line))) {
        if (letter != '\n' && letter != '\r' && letter != '=') text.push_back(letter);
    }
    auto blob = decode_base64(text);
    if (!blob) return no_openssh_key();
    return *std::move(blob);
}

Result<Fields> private_fields(Bytes blob) {
    constexpr Bytes magic("openssh-key-v1\0", 15);
    constexpr std::uint32_t one = 1;
    if (!blob.starts_with(magic)) return no_openssh_key();
    Fields outer(blob.substr(magic.size()));
    const auto cipher = outer.next("cipher");
    outer.next("kdf");
    outer.next("kdf options");
    const auto count = outer.number("keys");
    outer.next("public key");
    Fields inner(outer.next("private keys"));
    if (!outer.ok() || count != one) return no_openssh_key();
    if (cipher != "none") {
        return fail(ErrorCode::unsupported,
                    "the ssh key is encrypted by a passphrase: take it off a copy, ssh-keygen -p "
                    "-f COPY, and name that");
    }
    if (inner.number("check") != inner.number("check")) return no_openssh_key();
    return inner;
}

std::unexpected<Error> no_ssh_line() {
    return fail(ErrorCode::malformed, "a line that is no whole public key of ssh");
}

Result<std::string> public_blob(Bytes line) {
    constexpr Bytes spaces = " \t\r\n";
    const auto type = line.substr(0, line.find_first_of(spaces));
    auto base64 = line.substr(std::min(type.size() + 1, line.size()));
    base64 = base64.substr(0, base64.find_first_of(spaces));
    while (base64.ends_with('=')) base64.remove_suffix(1);
    auto blob = decode_base64(base64);
    if (!blob || Fields(*blob).next("type") != type) return no_ssh_line();
    return *std::move(blob);
}

std::string framed(Bytes bytes) {
    std::string out(4, '\0');
    store_be<std::uint32_t>(out.data(), static_cast<std::uint32_t>(bytes.size()));
    return out.append(bytes);
}

std::string tag_of(Bytes public_key) {
    constexpr std::size_t size = 4;
    const auto digest = sha256(public_key);
    return encode_base64({reinterpret_cast<const char*>(digest.data()), size});
}

bool choose_oaep(EVP_PKEY_CTX* context) {
    std::string label(ssh_rsa_label), digest = "SHA256";
    const OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_ASYM_CIPHER_PARAM_OAEP_DIGEST, digest.data(), 0),
        OSSL_PARAM_construct_octet_string(OSSL_ASYM_CIPHER_PARAM_OAEP_LABEL, label.data(),
                                          label.size()),
        OSSL_PARAM_construct_end()};
    return ::EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING) == 1 &&
           ::EVP_PKEY_CTX_set_params(context, parameters) == 1;
}

PublicKey rsa_key(std::span<const RsaNumber> numbers, int selection) {
    const std::unique_ptr<OSSL_PARAM_BLD, Release<OSSL_PARAM_BLD_free>> builder(
        ::OSSL_PARAM_BLD_new());
    std::vector<Number> kept;  // the builder takes no copies
    for (const auto& [name, bytes] : numbers) {
        kept.emplace_back(::BN_bin2bn(octets(bytes), static_cast<int>(bytes.size()), nullptr));
        ::OSSL_PARAM_BLD_push_BN(builder.get(), name, kept.back().get());
    }
    const std::unique_ptr<OSSL_PARAM, Release<OSSL_PARAM_free>> parameters(
        ::OSSL_PARAM_BLD_to_param(builder.get()));
    const std::unique_ptr<EVP_PKEY_CTX, Release<EVP_PKEY_CTX_free>> context(
        ::EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
    EVP_PKEY* key = nullptr;
    if (::EVP_PKEY_fromdata_init(context.get()) == 1)
        ::EVP_PKEY_fromdata(context.get(), &key, selection, parameters.get());
    return PublicKey(key);
}

}  // namespace salvor::envelope::age
