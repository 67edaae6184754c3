#pragma once

#include "formats/envelope/age/age.hpp"
#include "formats/envelope/age/recipient.hpp"

namespace salvor::envelope::age {

constexpr std::size_t file_key_size = 16;

/// AGE-SECRET-KEY-1..., one line of an identity file. Errors: malformed, unsupported.
Result<IdentityPtr> parse_x25519(Bytes line);
/// A private key of ssh: OpenSSH's own format, or PEM. Errors: malformed, unsupported.
Result<IdentityPtr> parse_ssh(Bytes file);
/// The file key out of a stanza that a passphrase made; empty where it is a wrong one.
Result<std::string> unwrap_scrypt(const Stanza& stanza, Bytes passphrase, unsigned work_factor);

/// A file key that was sealed by a key of its own, the nonce being zeros; empty where it was not.
Result<std::string> open_file_key(Bytes key, const Stanza& stanza);
/// The body of such a stanza.
std::string seal_file_key(Bytes key, Bytes file_key);

/// `age1...`. Errors: malformed, unsupported (a plugin's).
Result<RecipientPtr> parse_x25519_recipient(Bytes line);
/// `ssh-ed25519 AAAA...`, `ssh-rsa AAAA...`. Errors: malformed, unsupported.
Result<RecipientPtr> parse_ssh_recipient(Bytes line);

}  // namespace salvor::envelope::age
