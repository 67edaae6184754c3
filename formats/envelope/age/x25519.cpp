#include "formats/envelope/age/bech32.hpp"
#include "formats/envelope/age/native.hpp"
#include "formats/envelope/age/primitives.hpp"

namespace salvor::envelope::age {
namespace {

constexpr std::size_t point_size = 32, salt_size = 16;
constexpr Bytes x25519_label = "age-encryption.org/v1/X25519";
const std::string scrypt_label = "age-encryption.org/v1/scrypt";

class X25519 final : public Identity {
 public:
    explicit X25519(std::string secret)
        : secret_(std::move(secret)), share_(*x25519(secret_, x25519_base_point)) {}

    Result<std::string> unwrap(const Stanza& stanza) const override {
        if (stanza.type != "X25519") return std::string();
        const auto theirs =
            stanza.arguments.size() == 1 ? decode_base64(stanza.arguments[0]) : std::nullopt;
        if (!theirs || theirs->size() != point_size) {
            return fail(ErrorCode::malformed,
                        "age header: an X25519 recipient has no point of {} "
                        "bytes",
                        point_size);
        }
        const auto shared = x25519(secret_, *theirs);
        if (!shared) {
            return fail(ErrorCode::malformed, "age header: an X25519 point of low order");
        }
        return open_file_key(hkdf(*shared, *theirs + share_, x25519_label), stanza);
    }

 private:
    std::string secret_, share_;
};

class X25519Recipient final : public Recipient {
 public:
    explicit X25519Recipient(std::string point) : point_(std::move(point)) {}

    Result<Stanza> wrap(Bytes file_key) const override {
        SALVOR_TRY(const auto secret, random_bytes(point_size));
        const auto share = x25519(secret, x25519_base_point);
        const auto shared = x25519(secret, point_);
        if (!share || !shared) return fail(ErrorCode::malformed, "a recipient of low order");
        const auto key = hkdf(*shared, *share + point_, x25519_label);
        return Stanza{"X25519", {encode_base64(*share)}, seal_file_key(key, file_key)};
    }

 private:
    std::string point_;
};

class Passphrase final : public Recipient {
 public:
    Passphrase(std::string passphrase, unsigned work_factor)
        : passphrase_(std::move(passphrase)), work_factor_(work_factor) {}

    Result<Stanza> wrap(Bytes file_key) const override {
        SALVOR_TRY(const auto salt, random_bytes(salt_size));
        const auto key = scrypt(passphrase_, scrypt_label + salt, work_factor_);
        if (!key) return fail(ErrorCode::io, "there is no memory for scrypt at 2^{}", work_factor_);
        return Stanza{"scrypt",
                      {encode_base64(salt), std::to_string(work_factor_)},
                      seal_file_key(*key, file_key)};
    }

 private:
    std::string passphrase_;
    unsigned work_factor_;
};

}  // namespace

std::string seal_file_key(Bytes key, Bytes file_key) {
    return seal_box(key, std::string(12, '\0'), file_key);
}

Result<RecipientPtr> parse_x25519_recipient(Bytes line) {
    const auto decoded = decode_bech32(line);
    if (decoded && decoded->prefix == "age" && decoded->data.size() == point_size)
        return std::make_shared<X25519Recipient>(decoded->data);
    if (decoded && decoded->prefix != "age") {
        return fail(ErrorCode::unsupported, "a recipient of an age plugin: encrypt by age");
    }
    return fail(ErrorCode::malformed,
                "a recipient that was not copied whole: its checksum is wrong");
}

RecipientPtr passphrase_recipient(std::string passphrase, unsigned work_factor) {
    return std::make_shared<Passphrase>(std::move(passphrase), work_factor);
}

Result<std::string> open_file_key(Bytes key, const Stanza& stanza) {
    constexpr std::size_t tag_size = 16;
    if (stanza.body.size() != file_key_size + tag_size) {
        return fail(ErrorCode::malformed, "age header: a file key of {} bytes in place of {}",
                    stanza.body.size(), file_key_size + tag_size);
    }
    return open_box(key, std::string(12, '\0'), stanza.body).value_or(std::string());
}

Result<IdentityPtr> parse_x25519(Bytes line) {
    if (line.starts_with("AGE-SECRET-KEY-PQ-")) {
        return fail(ErrorCode::unsupported,
                    "a hybrid (post-quantum) identity, which age 1.3 and later have: open the file "
                    "by it");
    }
    if (line.starts_with("AGE-PLUGIN-")) {
        return fail(ErrorCode::unsupported, "an identity of an age plugin: open the file by age");
    }
    const auto decoded = decode_bech32(line);
    if (!decoded || decoded->prefix != "age-secret-key-" || decoded->data.size() != point_size ||
        !line.starts_with("AGE-"))
        return fail(ErrorCode::malformed, "a line that is no identity of age");
    return std::make_shared<X25519>(decoded->data);
}

Result<std::string> unwrap_scrypt(const Stanza& stanza, Bytes passphrase, unsigned work_factor) {
    const auto& arguments = stanza.arguments;
    const auto salt = arguments.size() == 2 ? decode_base64(arguments[0]) : std::nullopt;
    const bool digits = salt && !arguments[1].empty() && arguments[1].size() <= 2 &&
                        arguments[1][0] != '0' &&
                        arguments[1].find_first_not_of("0123456789") == std::string::npos;
    if (!digits || salt->size() != salt_size)
        return fail(ErrorCode::malformed, "age header: a scrypt recipient has no salt and factor");
    const auto log_n = static_cast<unsigned>(std::stoul(arguments[1]));
    if (log_n > work_factor) {
        return fail(ErrorCode::too_large,
                    "age header: the passphrase's work factor is 2^{}, more than 2^{}: it would "
                    "need {} MiB of memory; --max-work-factor {} allows it",
                    log_n, work_factor, log_n < 54 ? (1ULL << log_n) >> 10 : 0, log_n);
    }
    const auto key = scrypt(passphrase, scrypt_label + *salt, log_n);
    if (!key) return fail(ErrorCode::io, "there is no memory for scrypt at 2^{}", log_n);
    return open_file_key(*key, stanza);
}

}  // namespace salvor::envelope::age
