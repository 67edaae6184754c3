#pragma once

#include <optional>
#include <string>

#include "formats/base/bytes.hpp"

namespace salvor::envelope::age {

/// A text in Bech32 (BIP 173), of any length: `prefix` is lower case; nullopt where the checksum is
/// wrong.
struct Bech32 {
    std::string prefix, data;
};
std::optional<Bech32> decode_bech32(Bytes text);

}  // namespace salvor::envelope::age
