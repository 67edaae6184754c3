#include <fmt/core.h>

#include <fstream>
#include <iterator>

#include "formats/base/checksum.hpp"
#include "formats/base/mapped_file.hpp"
#include "formats/envelope/age/age.hpp"

// usage: age_decrypt FILE PASSPHRASE IDENTITY-FILE: prints the SHA-256 of what is within, or the
// sentence for why there is nothing.

using namespace salvor;
namespace age = envelope::age;

namespace {

Result<std::string> digest(char** words) {
    SALVOR_TRY(const auto file, MappedFile::open(words[1]));
    SALVOR_TRY(const auto identities, MappedFile::open(words[3]));
    age::Keys keys;
    keys.work_factor = age::most_work_factor;
    if (const std::string passphrase = words[2]; !passphrase.empty())
        keys.passphrase = [passphrase] { return Result<std::string>(passphrase); };
    if (!identities.bytes().empty()) {
        SALVOR_TRY(keys.identities, age::parse_identities(identities.bytes(), words[3], keys));
    }
    SALVOR_TRY(const auto stream, age::decrypt(envelope::stream_of(file.bytes()), keys));
    Sha256 sha;
    for (;;) {
        SALVOR_TRY(const auto bytes, stream->next());
        if (bytes.empty()) return hex(sha.finish());
        sha.update(bytes);
    }
}

}  // namespace

int main(int count, char** words) {
    if (count != 4) return 2;
    const auto found = digest(words);
    fmt::print("{}\n", found ? *found : found.error().message);
    return found ? 0 : 1;
}
