#pragma once

#include <optional>
#include <string>

#include "core/seal/manifest.hpp"
#include "formats/envelope/signature.hpp"

namespace salvor::seal {

/// By which a sealed file is proven unchanged and whole, without a key that opens it.
struct Receipt {
    Bytes256 sealed;  ///< the file
    Manifest manifest;
    /// 32 bytes, by which its signature holds; nullopt: nobody signed it.
    std::optional<std::string> signed_by;
};

/// A JSON document with a line feed: `signed`, a text that is itself JSON (`sealed`, `manifest`),
/// and where a key is given `signature` over that text, in base64, and `publicKey` as ssh writes
/// it.
Result<std::string> to_json(const Receipt& receipt, const envelope::SigningKey* key);
/// Errors: malformed; refused (its signature does not hold).
Result<Receipt> parse_receipt(Bytes json);

/// Whether a file is what the receipt is of. Error: flawed (it was changed, or cut).
Result<void> check(Bytes file, const Receipt& receipt);

}  // namespace salvor::seal
