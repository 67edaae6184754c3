#include "formats/envelope/age/age.hpp"
#include "formats/envelope/age/lines.hpp"
#include "formats/envelope/age/native.hpp"
#include "formats/envelope/form.hpp"

namespace salvor::envelope::age {
namespace {

constexpr std::size_t most_identity_file = 1 << 20;

Result<std::string> decrypted(Bytes file, const Keys& keys) {
    Keys by_passphrase;
    by_passphrase.passphrase = keys.passphrase;
    by_passphrase.work_factor = keys.work_factor;
    SALVOR_TRY(const auto stream, decrypt(stream_of(file), by_passphrase));
    std::string plain;
    for (;;) {
        SALVOR_TRY(const auto bytes, stream->next());
        if (bytes.empty()) return plain;
        plain += bytes;
    }
}

}  // namespace

Result<std::vector<IdentityPtr>> parse_identities(Bytes file, const std::string& name,
                                                  const Keys& keys) {
    if (file.size() > most_identity_file) {
        return fail(ErrorCode::malformed, "{}: {} bytes are no identity file", name, file.size());
    }
    const auto form = form_of(file);
    if (form == Form::age || form == Form::age_armored) {
        auto plain = decrypted(file, keys);
        if (!plain) return fail(plain.error().code, "{}: {}", name, plain.error().message);
        return parse_lines(*plain, name, "identity", parse_x25519);
    }
    if (!file.starts_with("-----BEGIN ")) return parse_lines(file, name, "identity", parse_x25519);
    auto identity = parse_ssh(file);
    if (!identity) {
        return fail(identity.error().code, "{}: {}", name, identity.error().message);
    }
    return std::vector<IdentityPtr>{*std::move(identity)};
}

}  // namespace salvor::envelope::age
