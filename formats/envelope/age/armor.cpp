#include "formats/envelope/age/armor.hpp"

#include <optional>

#include "formats/envelope/age/primitives.hpp"

namespace salvor::envelope::age {
namespace {

constexpr Bytes begin_line = "-----BEGIN AGE ENCRYPTED FILE-----";
constexpr Bytes end_line = "-----END AGE ENCRYPTED FILE-----";
constexpr Bytes white = " \t\r\n";
constexpr std::size_t columns = 64;
/// White space around the armor, as age lets pass. Source: age armor/armor.go
constexpr std::size_t most_white = 1024;

class Unarmored final : public Stream {
 public:
    explicit Unarmored(StreamPtr armored) : armored_(std::move(armored)) {}

 private:
    Result<void> begin();
    Result<Bytes> make() override;
    Result<void> end();
    /// Without its line end.
    Result<std::string> line();
    Result<void> decode(const std::string& text);

    Peekable armored_;
    std::string decoded_;
    bool begun_ = false, short_line_ = false, ended_ = false;
    std::uint64_t lines_ = 0;
};

Result<std::string> Unarmored::line() {
    SALVOR_TRY(const auto head, armored_.peek(2 * columns));
    const auto end = head.find('\n');
    if (end == Bytes::npos && head.size() >= 2 * columns) {
        return fail(ErrorCode::malformed, "age armor: line {} is longer than {} characters",
                    lines_ + 1, columns);
    }
    std::string text(head.substr(0, end));
    armored_.skip(end == Bytes::npos ? head.size() : end + 1);
    if (text.ends_with('\r')) text.pop_back();
    ++lines_;
    return text;
}

Result<void> Unarmored::begin() {
    begun_ = true;
    SALVOR_TRY(const auto head, armored_.peek(most_white));
    const auto start = head.find_first_not_of(white);
    armored_.skip(start == Bytes::npos ? 0 : start);
    SALVOR_TRY(const auto first, line());
    if (first == begin_line) return {};
    return fail(ErrorCode::malformed, "age armor: it does not begin with its own line");
}

Result<void> Unarmored::decode(const std::string& text) {
    auto unpadded = Bytes(text);
    while (unpadded.ends_with('=') && text.size() - unpadded.size() < 2) unpadded.remove_suffix(1);
    auto bytes = decode_base64(unpadded);
    if (!bytes || bytes->empty() || text.size() % 4 != 0 || text.size() > columns) {
        return fail(ErrorCode::malformed, "age armor: line {} is no base64 of up to {} characters",
                    lines_, columns);
    }
    short_line_ = text.size() < columns || unpadded.size() < text.size();
    decoded_ += *bytes;
    return {};
}

Result<Bytes> Unarmored::make() {
    constexpr std::size_t enough = 64 << 10;
    if (!begun_) SALVOR_CHECK(begin());
    decoded_.clear();
    while (!ended_ && decoded_.size() < enough) {
        SALVOR_TRY(const auto text, line());
        if (text == end_line) {
            SALVOR_CHECK(end());
        } else if (short_line_) {
            return fail(ErrorCode::malformed,
                        "age armor: line {} follows a shorter one and is not its end", lines_);
        } else {
            SALVOR_CHECK(decode(text));
        }
    }
    return Bytes(decoded_);
}

Result<void> Unarmored::end() {
    ended_ = true;
    SALVOR_TRY(const auto rest, armored_.peek(most_white + 1));
    if (rest.size() <= most_white && rest.find_first_not_of(white) == Bytes::npos) return {};
    return fail(ErrorCode::malformed, "age armor: something stands behind its last line");
}

}  // namespace

StreamPtr unarmored(StreamPtr armored) {
    return std::make_unique<Unarmored>(std::move(armored));
}

}  // namespace salvor::envelope::age
