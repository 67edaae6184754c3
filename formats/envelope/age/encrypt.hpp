#pragma once

#include <string>
#include <vector>

#include "formats/envelope/age/recipient.hpp"
#include "formats/envelope/sink.hpp"

namespace salvor::envelope::age {

/// Encrypts what is written to it, as age does: a header with the file key for each recipient, then
/// chunks of 64 KiB. Source: C2SP age.md
class Encryption {
 public:
    /// Writes the header, with a new file key. Errors: the recipients', the sink's, io (no
    /// randomness).
    static Result<Encryption> begin(const std::vector<RecipientPtr>& recipients, Sink sink);

    Result<void> write(Bytes plain);
    /// The last chunk; nothing may be written behind it.
    Result<void> finish();

    /// 16 bytes that open the file without any recipient's key: for reading back what was written,
    /// by the one who wrote it.
    const std::string& file_key() const { return file_key_; }

 private:
    Encryption(std::string file_key, std::string payload_key, Sink sink);
    Result<void> seal(Bytes plain, bool last);

    std::string file_key_, payload_key_;
    Sink sink_;
    std::string held_;  ///< less than a chunk, or one that may be the last
    std::uint64_t chunk_ = 0;
};

}  // namespace salvor::envelope::age
