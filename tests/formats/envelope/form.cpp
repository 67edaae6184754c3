#include "formats/envelope/form.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace salvor;
using namespace salvor::envelope;

TEST_CASE("a tar is known by its first header, and a plain file is no packing") {
    std::string tar(512, '\0');
    CHECK(form_of(tar) == Form::plain);
    tar.replace(257, 5, "ustar");
    CHECK(form_of(tar) == Form::tar);
    CHECK(form_of(tar.substr(0, 260)) == Form::plain);
    CHECK(form_of("") == Form::plain);
}

TEST_CASE("a form is known by its first bytes alone, and one that is not peeled has its command") {
    CHECK(form_of("\x1f\x8b\x08") == Form::gzip);
    CHECK(form_of("\x78\x9c\x01") == Form::zlib);
    CHECK(form_of("\x50\x2a\x4d\x18....") == Form::zstd);
    CHECK(form_of("BZh91AY&SY") == Form::bzip2);
    CHECK(form_of("BZhello") == Form::plain);
    CHECK(form_of("\n -----BEGIN AGE ENCRYPTED FILE-----\n") == Form::age_armored);
    CHECK(form_of(Bytes("\x85\x01\x0c\x03", 4)) == Form::openpgp);
    CHECK(form_of(Bytes("\x8c\x0d\x04\x09", 4)) == Form::openpgp);
    CHECK(form_of("Salted__12345678") == Form::openssl_enc);
    for (const auto form : {Form::openpgp, Form::openssl_enc, Form::seven_zip})
        CHECK(Bytes(command_that_peels(form)).find("FILE") != Bytes::npos);
    CHECK(command_that_peels(Form::gzip) == nullptr);
}
