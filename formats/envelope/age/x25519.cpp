#include "formats/envelope/age/bech32.hpp"
#include "formats/envelope/age/native.hpp"
#include "formats/envelope/age/primitives.hpp"

namespace salvor::envelope::age {
namespace {

constexpr std::size_t point_size = 32;

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
        return open_file_key(hkdf(*shared, *theirs + share_, "age-encryption.org/v1/X25519"),
                             stanza);
    }

 private:
    std::string secret_, share_;
};

}  // namespace

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
    constexpr std::size_t salt_size = 16;
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
    const auto key = scrypt(passphrase, "age-encryption.org/v1/scrypt" + *salt, log_n);
    if (!key) return fail(ErrorCode::io, "there is no memory for scrypt at 2^{}", log_n);
    return open_file_key(*key, stanza);
}

}  // namespace salvor::envelope::age
