#include <cstdint>

#include "formats/base/checksum.hpp"
#include "formats/gardener/delta.hpp"
#include "formats/gardener/lzw.hpp"
#include "formats/gardener/name.hpp"

namespace {

using namespace salvor;

constexpr std::uint64_t enough = 8 << 20;

void read(Bytes delta) {
    const auto read = gardener::read_delta(delta, [](const gardener::Event& event) {
        if (event.mod_revision < 1) __builtin_trap();
        return Result<void>();
    });
    if (!read && read.error().message.empty()) __builtin_trap();
}

}  // namespace

/// The first byte says which of the three it is for; a delta gets its right digest.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    auto input = Bytes(reinterpret_cast<const char*>(data), size);
    if (input.empty()) return 0;
    const char which = input.front();
    input.remove_prefix(1);
    if (which == 'n') {
        const auto name = gardener::parse_name(input);
        if (name && (name->first < 0 || name->first > name->last)) __builtin_trap();
    } else if (which == 'z') {
        const auto stream = gardener::unlzw(envelope::stream_of(input));
        while (stream->given() < enough) {
            const auto bytes = stream->next();
            if (!bytes || bytes->empty()) break;
        }
    } else {
        const auto digest = sha256(input);
        read(
            std::string(input).append(reinterpret_cast<const char*>(digest.data()), digest.size()));
    }
    return 0;
}
