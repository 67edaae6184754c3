#include <cstdint>

#include "formats/envelope/age/age.hpp"
#include "formats/envelope/age/encrypt.hpp"
#include "formats/envelope/signature.hpp"

namespace {

using namespace salvor;
using namespace salvor::envelope;

/// Whoever is taken as a recipient can be encrypted for, or that is refused in words; and the
/// header that is written reads.
void encrypt_for(const std::vector<age::RecipientPtr>& recipients) {
    std::string file;
    const auto into = [&](Bytes bytes) -> Result<void> {
        file += bytes;
        return {};
    };
    auto encryption = age::Encryption::begin(recipients, into);
    if (!encryption) {
        if (encryption.error().message.empty()) __builtin_trap();
        return;
    }
    if (!encryption->write("plain") || !encryption->finish()) __builtin_trap();
    const auto plain = age::decrypt_by_file_key(stream_of(Bytes(file)), encryption->file_key());
    if (!plain) __builtin_trap();
    const auto bytes = (*plain)->next();
    if (!bytes || *bytes != "plain") __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto input = Bytes(reinterpret_cast<const char*>(data), size);
    constexpr std::size_t enough = 8;
    const auto recipients = age::parse_recipients(input, "input");
    if (recipients && recipients->size() <= enough) encrypt_for(*recipients);
    if (const auto key = parse_public_key(input)) (void)signature_holds(*key, "message", input);
    if (const auto key = SigningKey::parse(input)) {
        const auto signature = key->sign("message");
        if (!signature || !signature_holds(key->public_key(), "message", *signature))
            __builtin_trap();
    }
    return 0;
}
