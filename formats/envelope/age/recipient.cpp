#include "formats/envelope/age/recipient.hpp"

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
    std::vector<RecipientPtr> recipients;
    for (std::size_t number = 1; !file.empty(); ++number) {
        const auto end = file.find('\n');
        auto line = file.substr(0, end);
        file.remove_prefix(end == Bytes::npos ? file.size() : end + 1);
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.empty() || line.starts_with('#')) continue;
        auto recipient = parse_recipient(line);
        if (!recipient) {
            return fail(recipient.error().code, "{}, line {}: {}", name, number,
                        recipient.error().message);
        }
        recipients.push_back(*std::move(recipient));
    }
    if (recipients.empty()) return fail(ErrorCode::malformed, "{}: no recipient is in it", name);
    return recipients;
}

}  // namespace salvor::envelope::age
