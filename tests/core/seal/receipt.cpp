#include "core/seal/receipt.hpp"

#include <catch2/catch.hpp>

using namespace salvor;

namespace {

// Of throw-away keys: `openssl genpkey -algorithm ed25519`, `ssh-keygen -t ed25519 -N ""`.
constexpr Bytes pem =
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
    "-----END PRIVATE KEY-----\n";
// Of RFC 8032 7.1, test 2 and its key as ssh writes it.
constexpr Bytes others_public_key =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAID1AF8PoQ4lakrcKp00bfrycmCzPLsSWjMDNVfEq9GYM test";

seal::Receipt receipt() {
    seal::Receipt receipt;
    receipt.sealed = {5, "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"};
    receipt.manifest.made_by = "salvor";
    receipt.manifest.backup = "sound";
    receipt.manifest.revision = 42;
    receipt.manifest.kubernetes = "1.36";
    return receipt;
}

std::string replaced(std::string text, Bytes from, Bytes to) {
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("a receipt comes back as it was written, signed or not") {
    const auto key = envelope::SigningKey::parse(pem);
    REQUIRE(key);
    for (const auto* by : {static_cast<const envelope::SigningKey*>(nullptr), &*key}) {
        const auto text = seal::to_json(receipt(), by);
        REQUIRE(text);
        const auto again = seal::parse_receipt(*text);
        REQUIRE(again);
        CHECK(again->sealed == receipt().sealed);
        CHECK(again->manifest == receipt().manifest);
        CHECK(again->signed_by.has_value() == (by != nullptr));
        if (by) CHECK(again->signed_by == by->public_key());
    }
}

TEST_CASE("a signed receipt that was changed is refused, whatever of it was") {
    const auto key = envelope::SigningKey::parse(pem);
    const auto text = *seal::to_json(receipt(), &*key);
    const auto refused = [](const std::string& changed) {
        const auto read = seal::parse_receipt(changed);
        REQUIRE(!read);
        return read.error().code;
    };
    CHECK(refused(replaced(text, "sound", "fatal")) == ErrorCode::refused);
    CHECK(refused(replaced(text, "2cf24dba", "2cf24dbb")) == ErrorCode::refused);
    const auto mine = envelope::ssh_public_key(key->public_key());
    CHECK(refused(replaced(text, mine, others_public_key)) == ErrorCode::refused);
    CHECK(refused(text.substr(0, text.size() / 2)) == ErrorCode::malformed);
    CHECK(refused("") == ErrorCode::malformed);
    CHECK(refused("[1,2]") == ErrorCode::malformed);
}

TEST_CASE("a receipt of a later version is refused by naming the version") {
    const auto text = *seal::to_json(receipt(), nullptr);
    const auto read = seal::parse_receipt(replaced(text, "\\\"version\\\":1", "\\\"version\\\":2"));
    REQUIRE(!read);
    CHECK(read.error().code == ErrorCode::unsupported);
    CHECK(read.error().message ==
          "the manifest is of version 2, this salvor knows 1: use a later one");
}

TEST_CASE("a file is what a receipt is of, or it was cut, or changed") {
    CHECK(seal::check("hello", receipt()));
    CHECK(seal::check("hell", receipt()).error().message ==
          "it has 4 bytes, the receipt is of 5: it was cut or added to, or the receipt is another "
          "file's");
    CHECK(seal::check("hallo", receipt()).error().message.ends_with("it was changed"));
}

TEST_CASE("keys that sign nothing are refused in words") {
    CHECK(envelope::SigningKey::parse("").error().code == ErrorCode::unsupported);
    CHECK(envelope::SigningKey::parse("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n").error().code ==
          ErrorCode::malformed);
    CHECK(envelope::parse_public_key("ssh-ed25519").error().code == ErrorCode::malformed);
    CHECK(envelope::parse_public_key("ssh-ed25519 AAAA").error().code == ErrorCode::malformed);
    CHECK(envelope::parse_public_key("ssh-rsa AAAA").error().code == ErrorCode::malformed);
    CHECK(envelope::parse_public_key(others_public_key)->size() == 32);
}
