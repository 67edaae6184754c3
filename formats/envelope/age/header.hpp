#pragma once

#include <string>
#include <vector>

#include "formats/envelope/stream.hpp"

namespace salvor::envelope::age {

/// One recipient's copy of the file key.
struct Stanza {
    std::string type;
    std::vector<std::string> arguments;
    std::string body;
};

struct Header {
    std::vector<Stanza> stanzas;
    std::string text;  ///< what the MAC is over: all up to and with `---`
    std::string mac;
};

/// A header for a thousand recipients has less.
constexpr std::size_t most_header = 1 << 20;

/// Takes the header off; what is left is nonce and payload. Error: malformed, `age header: ...`.
Result<Header> read_header(Peekable& stream);
/// Header::text of these stanzas.
std::string written(const std::vector<Stanza>& stanzas);

}  // namespace salvor::envelope::age
