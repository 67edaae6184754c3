#pragma once

#include <memory>
#include <string>
#include <vector>

#include "formats/envelope/age/header.hpp"

namespace salvor::envelope::age {

/// 2^18, which takes 256 MiB and about a second. Source: age scrypt.go
constexpr unsigned written_work_factor = 18;

/// Somebody for whom a file is encrypted.
class Recipient {
 public:
    virtual ~Recipient() = default;
    /// The file key, for this one to unwrap. Error: io (no memory for a passphrase's key).
    virtual Result<Stanza> wrap(Bytes file_key) const = 0;
};
using RecipientPtr = std::shared_ptr<const Recipient>;

/// `age1...`, or a public key of ssh as it stands in authorized_keys: `ssh-ed25519 AAAA...`,
/// `ssh-rsa AAAA...`. Errors: malformed; unsupported (a hybrid or a plugin's recipient, another
/// kind of ssh key, an RSA key of less than 2048 bits).
Result<RecipientPtr> parse_recipient(Bytes line);
/// A file of them, one a line; `#` begins a comment. `name` is for the error. Errors: malformed
/// (none is in it, too), unsupported.
Result<std::vector<RecipientPtr>> parse_recipients(Bytes file, const std::string& name);
/// Whoever knows the passphrase, who is then the only one.
RecipientPtr passphrase_recipient(std::string passphrase, unsigned work_factor);

}  // namespace salvor::envelope::age
