#include "tools/salvor/passphrase.hpp"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>

#include "formats/base/descriptor.hpp"

namespace salvor::tool {
namespace {

constexpr std::size_t longest = 4096;

/// Up to the end of the line, a byte at a time: what follows is not ours.
Result<std::string> first_line(int fd, const std::string& name) {
    std::string line;
    for (char letter = 0; line.size() < longest;) {
        const auto got = ::read(fd, &letter, 1);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return fail_errno(errno, "read", name);
        if (got == 0 || letter == '\n') break;
        line.push_back(letter);
    }
    if (line.ends_with('\r')) line.pop_back();
    if (line.empty()) return fail(ErrorCode::usage, "{}: the passphrase is empty", name);
    return line;
}

/// Nothing that is typed is shown while it lives.
class Hidden {
 public:
    explicit Hidden(int terminal) : terminal_(terminal) {
        known_ = ::tcgetattr(terminal, &before_) == 0;
        auto quiet = before_;
        quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        if (known_) ::tcsetattr(terminal, TCSAFLUSH, &quiet);
    }
    Hidden(const Hidden&) = delete;
    Hidden& operator=(const Hidden&) = delete;
    ~Hidden() {
        if (known_) ::tcsetattr(terminal_, TCSAFLUSH, &before_);
    }

 private:
    int terminal_;
    termios before_{};
    bool known_;
};

Result<std::string> ask(int terminal, std::string_view question) {
    (void)!::write(terminal, question.data(), question.size());
    const Hidden hidden(terminal);
    auto line = first_line(terminal, "terminal");
    (void)!::write(terminal, "\n", 1);
    return line;
}

}  // namespace

Result<std::string> read_passphrase(const PassphraseSource& source) {
    if (source.descriptor) {
        return first_line(static_cast<int>(*source.descriptor),
                          fmt::format("descriptor {}", *source.descriptor));
    }
    const auto path = source.file ? source.file->string() : "/dev/tty";
    const Descriptor from(
        ::open(path.c_str(), (source.file ? O_RDONLY : O_RDWR) | O_CLOEXEC | O_NOCTTY));
    if (!from.is_open() && source.file) return fail_errno(errno, "open", path);
    if (!from.is_open()) {
        return fail(ErrorCode::usage,
                    "it is encrypted by a passphrase, and there is no terminal to ask at: give it "
                    "by --passphrase-file or --passphrase-fd");
    }
    return source.file ? first_line(from.get(), path) : ask(from.get(), "passphrase: ");
}

Result<std::string> ask_new_passphrase() {
    const Descriptor terminal(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY));
    if (!terminal.is_open()) {
        return fail(ErrorCode::usage,
                    "there is no terminal to ask for a passphrase at: give it by "
                    "--new-passphrase-file");
    }
    SALVOR_TRY(auto once, ask(terminal.get(), "new passphrase: "));
    SALVOR_TRY(const auto again, ask(terminal.get(), "once more: "));
    if (once == again) return once;
    return fail(ErrorCode::usage, "the two passphrases differ");
}

}  // namespace salvor::tool
