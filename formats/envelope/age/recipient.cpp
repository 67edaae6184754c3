#include "formats/envelope/age/recipient.hpp"

#include "formats/envelope/age/lines.hpp"
#include "formats/envelope/age/native.hpp"
#include "formats/envelope/age/ssh_wire.hpp"

namespace salvor::envelope::age {

Result<RecipientPtr> parse_recipient(Bytes line) {
    if (line.starts_with("age1pq1") || line.starts_with("age1tagpq1")) {
        return fail(ErrorCode::unsupported,
                    "a hybrid (post-quantum) recipient, which age 1.3 and later have: encrypt by "
                    "age");
    }
    if (line.starts_with("age1")) return parse_x25519_recipient(line);
    const auto type = line.substr(0, line.find(' '));
    if (type == ssh_ed25519 || type == ssh_rsa) return parse_ssh_recipient(line);
    if (type.starts_with("ssh-") || type.starts_with("ecdsa-") || type.starts_with("sk-")) {
        return fail(ErrorCode::unsupported,
                    "an ssh key of a kind that age has not: ed25519 and rsa");
    }
    return fail(ErrorCode::malformed,
                "a line that is no recipient: age1..., ssh-ed25519 ... or ssh-rsa ...");
}

Result<std::vector<RecipientPtr>> parse_recipients(Bytes file, const std::string& name) {
    return parse_lines(file, name, "recipient", parse_recipient);
}

}  // namespace salvor::envelope::age
