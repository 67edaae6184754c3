#include "formats/envelope/age/age.hpp"

#include <algorithm>
#include <optional>

#include "formats/envelope/age/armor.hpp"
#include "formats/envelope/age/chunk.hpp"
#include "formats/envelope/age/native.hpp"
#include "formats/envelope/age/primitives.hpp"
#include "formats/envelope/form.hpp"
#include "formats/text/escape.hpp"

namespace salvor::envelope::age {
namespace {

/// Chunks, each sealed by itself; the last one says that it is.
class Payload final : public Stream {
 public:
    Payload(std::unique_ptr<Peekable> sealed, std::string key)
        : sealed_(std::move(sealed)), key_(std::move(key)) {}

 private:
    Result<Bytes> make() override;
    std::optional<std::string> open(Bytes box, bool last) const;

    std::unique_ptr<Peekable> sealed_;
    std::string key_, plain_;
    std::uint64_t chunk_ = 0;
    bool ended_ = false;
};

std::optional<std::string> Payload::open(Bytes box, bool last) const {
    return open_box(key_, chunk_nonce(chunk_, last), box);
}

Result<Bytes> Payload::make() {
    if (ended_) return Bytes{};
    SALVOR_TRY(const auto box, sealed_->take(chunk_size + tag_size));
    auto plain = box.size() == chunk_size + tag_size ? open(box, false) : std::nullopt;
    if (!plain) {
        plain = open(box, true);
        ended_ = plain.has_value();
    }
    if (!plain) {
        return fail(
            ErrorCode::malformed,
            "age payload: chunk {} (bytes {} on) is damaged, or the file is cut short there",
            chunk_, chunk_ * chunk_size);
    }
    if (ended_) {
        SALVOR_TRY(const auto rest, sealed_->peek(1));
        if (!rest.empty())
            return fail(ErrorCode::malformed, "age payload: something stands behind its end");
        if (plain->empty() && chunk_ > 0)
            return fail(ErrorCode::malformed, "age payload: its last chunk is empty");
    }
    ++chunk_;
    plain_ = *std::move(plain);
    return Bytes(plain_);
}

bool is_hybrid(const Stanza& stanza) {
    return stanza.type == "mlkem768x25519" || stanza.type.ends_with("tag");
}

std::string types_of(const Header& header) {
    std::string words;
    for (const auto& stanza : header.stanzas) {
        if (words.find(stanza.type) == std::string::npos)
            words += (words.empty() ? "" : ", ") + text::escape(stanza.type);
    }
    return words;
}

Result<std::string> by_passphrase(const Header& header, const Keys& keys) {
    if (header.stanzas.size() != 1) {
        return fail(ErrorCode::malformed, "age header: a scrypt recipient is not the only one");
    }
    if (!keys.passphrase) {
        return fail(ErrorCode::usage,
                    "it is encrypted by a passphrase: give it by --passphrase-file, "
                    "--passphrase-fd, or at a terminal");
    }
    SALVOR_TRY(const auto passphrase, keys.passphrase());
    SALVOR_TRY(auto key, unwrap_scrypt(header.stanzas[0], passphrase, keys.work_factor));
    if (key.empty()) return fail(ErrorCode::refused, "the passphrase is wrong");
    return key;
}

Result<std::string> by_identity(const Header& header, const Keys& keys) {
    for (const auto& stanza : header.stanzas) {
        for (const auto& identity : keys.identities) {
            SALVOR_TRY(auto key, identity->unwrap(stanza));
            if (!key.empty()) return key;
        }
    }
    if (std::ranges::all_of(header.stanzas, is_hybrid)) {
        return fail(ErrorCode::unsupported,
                    "it is for a hybrid (post-quantum) recipient, which takes age 1.3: age "
                    "--decrypt -i KEY -o OUT FILE, then name OUT");
    }
    if (keys.identities.empty()) {
        return fail(ErrorCode::usage, "it is encrypted by age for {} ({}): give a key by -i FILE",
                    header.stanzas.size() == 1
                        ? "one recipient"
                        : fmt::format("{} recipients", header.stanzas.size()),
                    types_of(header));
    }
    return fail(ErrorCode::refused, "none of the keys given opens it ({}): it is for others ({})",
                keys.identities.size(), types_of(header));
}

Result<std::string> file_key(const Header& header, const Keys& keys) {
    const bool scrypt = std::ranges::any_of(
        header.stanzas, [](const Stanza& stanza) { return stanza.type == "scrypt"; });
    return scrypt ? by_passphrase(header, keys) : by_identity(header, keys);
}

/// Behind the header: nonce and chunks.
Result<StreamPtr> payload(std::unique_ptr<Peekable> stream, const Header& header, Bytes key) {
    if (!equal_secrets(hmac_sha256(hkdf(key, "", "header"), header.text), header.mac)) {
        return fail(ErrorCode::malformed,
                    "age header: its authentication code is wrong: the header was changed");
    }
    SALVOR_TRY(const auto nonce, stream->take(nonce_size));
    if (nonce.size() != nonce_size)
        return fail(ErrorCode::malformed, "age header: the file ends within the nonce behind it");
    return StreamPtr(std::make_unique<Payload>(std::move(stream), hkdf(key, nonce, "payload")));
}

}  // namespace

Result<StreamPtr> decrypt(StreamPtr encrypted, const Keys& keys) {
    auto stream = std::make_unique<Peekable>(std::move(encrypted));
    SALVOR_TRY(const auto head, stream->peek(form_head));
    if (form_of(head) == Form::age_armored)
        stream = std::make_unique<Peekable>(unarmored(std::move(stream)));
    SALVOR_TRY(const auto header, read_header(*stream));
    SALVOR_TRY(const auto key, file_key(header, keys));
    return payload(std::move(stream), header, key);
}

Result<StreamPtr> decrypt_by_file_key(StreamPtr encrypted, Bytes key) {
    auto stream = std::make_unique<Peekable>(std::move(encrypted));
    SALVOR_TRY(const auto header, read_header(*stream));
    return payload(std::move(stream), header, key);
}

}  // namespace salvor::envelope::age
