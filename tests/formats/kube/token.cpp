#include "formats/kube/token.hpp"

#include <catch2/catch.hpp>

#include "formats/kube/base64url.hpp"

using namespace salvor;

namespace {

// Keys made by openssl genrsa and ecparam, tokens signed by them with Python's cryptography.
constexpr Bytes rsa_public =
    "-----BEGIN PUBLIC KEY-----\n"
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA6hU9jtbfukjeWvrgN9vB\n"
    "OCatqzQasHEHxPoDIKxgaz0UkB7sEn/y/ZqeNcLKRoifJISZRkH1gc9QMlj/Cfdk\n"
    "nmKFL9py2EeqBi4GbIPXy5yJARUl/ni3T3LwBpztU+lTgmEVHInMcy0RFCjI3jZf\n"
    "3XwviRzEJl7Ks5OqLcxH3LuAz/EFnGgqbT+UMogHDLQwlLMldvPEQla1QXh4SJSw\n"
    "MzCao9TQlhOfL6A7+rOFp7ZlOhtoHp01XRMFI2LbDD85bOxKC+0vKQ1GWLDT/a+G\n"
    "5jtYjFZcV6ReLzeR2LtDz0i2H1VghfJfh9RVbJ8vvJPvS1AcbYLgqS9gz2DjuYLm\n"
    "JwIDAQAB\n"
    "-----END PUBLIC KEY-----\n";
constexpr Bytes rsa_public_pkcs1 =
    "-----BEGIN RSA PUBLIC KEY-----\n"
    "MIIBCgKCAQEA6hU9jtbfukjeWvrgN9vBOCatqzQasHEHxPoDIKxgaz0UkB7sEn/y\n"
    "/ZqeNcLKRoifJISZRkH1gc9QMlj/CfdknmKFL9py2EeqBi4GbIPXy5yJARUl/ni3\n"
    "T3LwBpztU+lTgmEVHInMcy0RFCjI3jZf3XwviRzEJl7Ks5OqLcxH3LuAz/EFnGgq\n"
    "bT+UMogHDLQwlLMldvPEQla1QXh4SJSwMzCao9TQlhOfL6A7+rOFp7ZlOhtoHp01\n"
    "XRMFI2LbDD85bOxKC+0vKQ1GWLDT/a+G5jtYjFZcV6ReLzeR2LtDz0i2H1VghfJf\n"
    "h9RVbJ8vvJPvS1AcbYLgqS9gz2DjuYLmJwIDAQAB\n"
    "-----END RSA PUBLIC KEY-----\n";
constexpr Bytes curve_private =
    "-----BEGIN EC PRIVATE KEY-----\n"
    "MHcCAQEEIJD3J5wQ1DSghvWZJu5oxyrr3f1HkZ1qUAsgM6u+ebpKoAoGCCqGSM49\n"
    "AwEHoUQDQgAEdToRbhaOrhpWU63YVihe4dfJUUSXZF1wbS5VcsdOmS6OeAvGhtLt\n"
    "wwimi2V6V2wXzX3aqYYJZEBtQdKhyf1m4g==\n"
    "-----END EC PRIVATE KEY-----\n";
constexpr Bytes curve_certificate =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBbzCCARWgAwIBAgIUeC7gh0gX3T2BacHM3IA1KAOat0EwCgYIKoZIzj0EAwIw\n"
    "DTELMAkGA1UEAwwCY2EwHhcNMjYxMTI5MjIyNjQ3WhcNMzYxMTI2MjIyNjQ3WjAN\n"
    "MQswCQYDVQQDDAJjYTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABHU6EW4Wjq4a\n"
    "VlOt2FYoXuHXyVFEl2RdcG0uVXLHTpkujngLxobS7cMIpotleldsF8192qmGCWRA\n"
    "bUHSocn9ZuKjUzBRMB0GA1UdDgQWBBThr7iHdv+GRYP0zgNs0QgdMGfpjjAfBgNV\n"
    "HSMEGDAWgBThr7iHdv+GRYP0zgNs0QgdMGfpjjAPBgNVHRMBAf8EBTADAQH/MAoG\n"
    "CCqGSM49BAMCA0gAMEUCIQDZkdNluHH4oiP+9s9+doHOhw+xnfSGIXOoFYw20J5f\n"
    "twIgXys9QHqbmhTERzvWhQVKxmttgmMLN389TL4wO0NK+4Q=\n"
    "-----END CERTIFICATE-----\n";
constexpr Bytes rsa_token =
    "eyJhbGciOiJSUzI1NiIsImtpZCI6IkZ1UDlPeWRUMTJXQndFU1Q3VmtXZlZhZFlERUtRSDFuN2djanl3RXIxczgifQ"
    ".eyJpc3MiOiJrdWJlcm5ldGVzL3NlcnZpY2VhY2NvdW50Iiwic3ViIjoic3lzdGVtOnNlcnZpY2VhY2NvdW50OnNob"
    "3A6d2ViIn0.FzNNic57fy33FfIiDXnOGOg1B05k8d-xT4rNQBbFG0vobs2I8UD69MW7K7oBTdzrlif40rLI8xn6Trx"
    "sXPdfSp5I-Z9FY38_9mcz9E6sG5qcE0hJQa6w5fPnvI2HPzLxLlKbivnUBBdlcB2v9vxpHNLPW3GP4a2JUb6op4257"
    "X9ui9pJRee6A7DkDeSJ70zwIu1tUwly3tJr0sQX8P0Iq_j-jUnb3FeLCeMCo_gLCOBihbVvrWIlL-NsdEAi5oqDP9b"
    "YJDGwS7touVmpgCjT9MgKuLc5HpVDSLpcOzit3P2Ay5Ndv4EUBTE8VZyEnyJGhTGg5896ChAlNZF0p6Lp3w";
constexpr Bytes curve_token =
    "eyJhbGciOiJFUzI1NiIsImtpZCI6IkZlTEFCMlhoNkNkOFpEZFljTFhyTmo3V19SMjhZNHJveTVFck9ZbnBFRXcifQ"
    ".eyJpc3MiOiJodHRwczovL2t1YmVybmV0ZXMuZGVmYXVsdC5zdmMiLCJleHAiOjE4OTM0NTYwMDAsInN1YiI6InN5c"
    "3RlbTpzZXJ2aWNlYWNjb3VudDpzaG9wOndlYiJ9.iPy2kjXVQQa0kzocgbDzmQvXyGrHVXQOg7lykrI4mdPqCT_9tk"
    "gAtg_M8WDGXItISmBj14MDSRhuXgwLTk6HNA";
constexpr Bytes rsa_id = "FuP9OydT12WBwEST7VkWfVadYDEKQH1n7gcjywEr1s8";
constexpr Bytes curve_id = "FeLAB2Xh6Cd8ZDdYcLXrNj7W_R28Y4roy5ErOYnpEEw";

kube::PublicKey only_key(Bytes pem) {
    const auto keys = kube::public_keys_in(pem);
    REQUIRE(keys.size() == 1);
    return keys.front();
}

kube::Token token_of(Bytes text) {
    auto token = kube::read_token(text);
    REQUIRE(token);
    return *std::move(token);
}

}  // namespace

TEST_CASE("a service account's token is read, and known by the key that signed it") {
    const auto rsa = token_of(rsa_token), curve = token_of(curve_token);
    CHECK(rsa.subject == "system:serviceaccount:shop:web");
    CHECK(rsa.issuer == "kubernetes/serviceaccount");
    CHECK(!rsa.expires);
    CHECK(curve.expires == 1893456000);
    CHECK(rsa.is_signed_by(only_key(rsa_public)));
    CHECK(curve.is_signed_by(only_key(curve_certificate)));
    CHECK(!rsa.is_signed_by(only_key(curve_certificate)));
    CHECK(!curve.is_signed_by(only_key(rsa_public)));
}

TEST_CASE(
    "a key is the same from whichever file it came, and has the id that the apiserver gives") {
    CHECK(only_key(rsa_public) == only_key(rsa_public_pkcs1));
    CHECK(only_key(curve_private) == only_key(curve_certificate));
    CHECK(!(only_key(rsa_public) == only_key(curve_private)));
    CHECK(only_key(rsa_public).id() == rsa_id);
    CHECK(only_key(curve_private).id() == curve_id);
    CHECK(token_of(rsa_token).key_id == rsa_id);
    const auto both = std::string(rsa_public).append("some words\n").append(curve_private);
    CHECK(kube::public_keys_in(both).size() == 2);
}

TEST_CASE("a token that was changed by one letter is signed by nobody") {
    for (const auto& [text, pem] :
         {std::pair(rsa_token, rsa_public), std::pair(curve_token, curve_certificate)}) {
        std::string changed(text);
        auto& letter = changed[changed.rfind('.') - 5];
        letter = letter == 'A' ? 'B' : 'A';
        const auto token = kube::read_token(changed);
        CHECK((!token || !token->is_signed_by(only_key(pem))));
    }
}

TEST_CASE("what is no token and no key is none") {
    for (const Bytes text : {"", "a", "a.b", "..", "a.b.c", "e30.e30.!", "W10.W10.W10"})
        CHECK(!kube::read_token(text));
    CHECK(kube::read_token("e30.e30.")->signature.empty());
    CHECK(!kube::read_token("e30.e30.")->is_signed_by(only_key(rsa_public)));
    CHECK(kube::public_keys_in("").empty());
    CHECK(kube::public_keys_in("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n")
              .empty());
    auto none = token_of(rsa_token);
    for (const auto* algorithm : {"", "R", "none", "HS256", "RS257", "PS256"}) {
        none.algorithm = algorithm;
        CHECK(!none.is_signed_by(only_key(rsa_public)));
    }
}

TEST_CASE("base64url is that of JWTs, without padding") {
    CHECK(kube::base64url("\xfb\xff") == "-_8");
    CHECK(kube::parse_base64url("-_8") == "\xfb\xff");
    CHECK(!kube::parse_base64url("+/8"));
    CHECK(!kube::parse_base64url("-_8="));
}
