#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "formats/envelope/age/header.hpp"

namespace salvor::envelope::age {

/// 2^20 needs 1 GiB of memory; age itself writes 2^18.
constexpr unsigned usual_work_factor = 20;
/// Beyond it no option reaches: 4 GiB. Source: age scrypt.go
constexpr unsigned most_work_factor = 22;

/// A private key that may open a file.
class Identity {
 public:
    virtual ~Identity() = default;
    /// The file key out of a stanza; empty where the stanza is another's. Error: malformed (it is
    /// this kind's, and not as one is made).
    virtual Result<std::string> unwrap(const Stanza& stanza) const = 0;
};
using IdentityPtr = std::shared_ptr<const Identity>;

struct Keys {
    std::vector<IdentityPtr> identities;
    /// Asked once a file needs it; unset: there is none.
    std::function<Result<std::string>()> passphrase;
    unsigned work_factor = usual_work_factor;
};

/// All of an identity file: AGE-SECRET-KEY-1 lines, a private key of ssh (ed25519, RSA), or either
/// encrypted by age with a passphrase. `name` is for the error. Errors: malformed, unsupported,
/// usage (a passphrase is needed), refused (a wrong one).
Result<std::vector<IdentityPtr>> parse_identities(Bytes file, const std::string& name,
                                                  const Keys& keys);

/// The bytes within an age file, armored or not. The header is read at once; errors: malformed
/// (`age header`, `age armor`), usage (no key is given), refused (the keys are others', the
/// passphrase is wrong), unsupported, too_large (the work factor). Those of the payload come from
/// next().
Result<StreamPtr> decrypt(StreamPtr encrypted, const Keys& keys);
/// The same of a file that is not armored, by the key that whoever encrypted it still has.
Result<StreamPtr> decrypt_by_file_key(StreamPtr encrypted, Bytes file_key);

}  // namespace salvor::envelope::age
