#include "formats/envelope/age/encrypt.hpp"

#include <catch2/catch.hpp>

#include "formats/envelope/age/age.hpp"

using namespace salvor;
using namespace salvor::envelope;

namespace {

// Of 32 bytes 0x42; age-keygen -y gives the second of the first.
constexpr Bytes secret =
    "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX";
constexpr Bytes recipient = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj";

std::string read_all(StreamPtr stream) {
    std::string all;
    for (;;) {
        const auto bytes = stream->next();
        REQUIRE(bytes);
        if (bytes->empty()) return all;
        all += *bytes;
    }
}

struct Encrypted {
    std::string file, file_key;
};

/// Written in pieces of `step` bytes.
Encrypted encrypt(Bytes plain, std::size_t step, const std::vector<age::RecipientPtr>& recipients) {
    Encrypted made;
    auto encryption = age::Encryption::begin(recipients, [&](Bytes bytes) -> Result<void> {
        made.file += bytes;
        return {};
    });
    REQUIRE(encryption);
    for (std::size_t at = 0; at < plain.size(); at += step)
        REQUIRE(encryption->write(plain.substr(at, step)));
    REQUIRE(encryption->finish());
    made.file_key = encryption->file_key();
    return made;
}

}  // namespace

TEST_CASE("what is encrypted is the same once it is decrypted, whatever its size and pieces") {
    const auto one = age::parse_recipient(recipient);
    REQUIRE(one);
    age::Keys keys;
    keys.identities = *age::parse_identities(secret, "test", {});
    constexpr std::size_t chunk = 64 << 10;
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{1}, chunk - 1, chunk, chunk + 1, 2 * chunk, 3 * chunk + 7}) {
        std::string plain(size, '\0');
        for (std::size_t i = 0; i < size; ++i) plain[i] = static_cast<char>(i * 7 + i / 251);
        for (const std::size_t step : {std::size_t{1000}, chunk, chunk + 1, 5 * chunk}) {
            const auto made = encrypt(plain, step, {*one});
            CHECK(read_all(*age::decrypt(stream_of(made.file), keys)) == plain);
            CHECK(read_all(*age::decrypt_by_file_key(stream_of(made.file), made.file_key)) ==
                  plain);
        }
    }
}

TEST_CASE("a passphrase opens what was encrypted by it, and another one does not") {
    const auto made = encrypt("plain", 5, {age::passphrase_recipient("correct horse", 10)});
    age::Keys keys;
    keys.passphrase = [] { return Result<std::string>("correct horse"); };
    CHECK(read_all(*age::decrypt(stream_of(made.file), keys)) == "plain");
    keys.passphrase = [] { return Result<std::string>("correct house"); };
    CHECK(age::decrypt(stream_of(made.file), keys).error().code == ErrorCode::refused);
}

TEST_CASE("a recipient that was not copied whole, or is of another kind, is refused by name") {
    CHECK(age::parse_recipient(recipient.substr(0, 40)).error().code == ErrorCode::malformed);
    CHECK(age::parse_recipient("age1pq1abc").error().code == ErrorCode::unsupported);
    CHECK(age::parse_recipient("ssh-ed25519 AAAA").error().code == ErrorCode::malformed);
    CHECK(age::parse_recipient("ecdsa-sha2-nistp256 AAAA").error().code == ErrorCode::unsupported);
    CHECK(age::parse_recipients("# nobody\n\n", "team.txt").error().message ==
          "team.txt: no recipient is in it");
}
