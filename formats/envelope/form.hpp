#pragma once

#include <cstdint>

#include "formats/base/bytes.hpp"

namespace salvor::envelope {

/// What bytes are packed or encrypted in, by how they begin.
enum class Form : std::uint8_t {
    plain,  ///< nothing that is known here
    gzip,
    zlib,
    zstd,
    xz,
    bzip2,
    lz4,
    zip,
    tar,
    age,
    age_armored,
    // Recognised and named, not peeled.
    seven_zip,
    openpgp,
    openssl_enc,
};

/// As many bytes as any form needs to be told.
constexpr std::size_t form_head = 1536;

Form form_of(Bytes head);
/// "gzip", as `info` shows a layer.
const char* name(Form form);
/// Of a form that is not peeled here: the command that does, FILE and OUT standing for the two; of
/// any other nullptr.
const char* command_that_peels(Form form);

}  // namespace salvor::envelope
