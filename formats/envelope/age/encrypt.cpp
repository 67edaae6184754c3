#include "formats/envelope/age/encrypt.hpp"

#include <algorithm>

#include "formats/envelope/age/chunk.hpp"
#include "formats/envelope/age/native.hpp"
#include "formats/envelope/age/primitives.hpp"

namespace salvor::envelope::age {

Encryption::Encryption(std::string file_key, std::string payload_key, Sink sink)
    : file_key_(std::move(file_key)),
      payload_key_(std::move(payload_key)),
      sink_(std::move(sink)) {}

Result<Encryption> Encryption::begin(const std::vector<RecipientPtr>& recipients, Sink sink) {
    SALVOR_TRY(auto file_key, random_bytes(file_key_size));
    SALVOR_TRY(const auto nonce, random_bytes(nonce_size));
    Header header;
    for (const auto& recipient : recipients) {
        SALVOR_TRY(auto stanza, recipient->wrap(file_key));
        header.stanzas.push_back(std::move(stanza));
    }
    header.text = written(header.stanzas);
    header.mac = hmac_sha256(hkdf(file_key, "", "header"), header.text);
    SALVOR_CHECK(sink(header.text + " " + encode_base64(header.mac) + "\n" + nonce));
    auto payload_key = hkdf(file_key, nonce, "payload");
    return Encryption(std::move(file_key), std::move(payload_key), std::move(sink));
}

Result<void> Encryption::write(Bytes plain) {
    while (!plain.empty()) {
        // A whole chunk is sealed once more follows: the last one may be whole, but not empty.
        if (held_.size() == chunk_size) {
            SALVOR_CHECK(seal(held_, false));
            held_.clear();
        }
        if (held_.empty() && plain.size() > chunk_size) {
            SALVOR_CHECK(seal(plain.substr(0, chunk_size), false));
            plain.remove_prefix(chunk_size);
            continue;
        }
        const auto taken = plain.substr(0, chunk_size - held_.size());
        held_ += taken;
        plain.remove_prefix(taken.size());
    }
    return {};
}

Result<void> Encryption::finish() {
    return seal(held_, true);
}

Result<void> Encryption::seal(Bytes plain, bool last) {
    return sink_(seal_box(payload_key_, chunk_nonce(chunk_++, last), plain));
}

}  // namespace salvor::envelope::age
