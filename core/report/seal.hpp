#pragma once

#include <string>

#include "core/seal/seal.hpp"

namespace salvor::report {

struct Sealing {
    std::string source, to, receipt;  ///< receipt: empty where none was asked for
    std::size_t recipients = 0;
    bool is_signed = false;
    seal::Sealed sealed;
};

/// A page for people.
std::string seal_text(const Sealing& sealing);
/// One document with a line feed, names as seal.md lists them.
std::string seal_json(const Sealing& sealing);

/// What a receipt tells of a file that is what it is of: of a verify without a key.
/// `signer_asked`: its signer is the one that was asked for.
std::string receipt_text(const std::string& source, const seal::Receipt& receipt,
                         bool signer_asked);
std::string receipt_json(const std::string& source, const seal::Receipt& receipt);
/// Of a file that is not: `why` is a sentence.
std::string changed_json(const std::string& source, const std::string& why);

}  // namespace salvor::report
