#include <cstdint>
#include <string>

#include "formats/envelope/age/age.hpp"
#include "formats/envelope/archive.hpp"
#include "formats/envelope/decompress.hpp"

namespace {

using namespace salvor;
using namespace salvor::envelope;

constexpr std::uint64_t enough = 8 << 20;

/// What comes out is bounded, and whatever goes wrong has its words.
void drain(Stream& stream) {
    while (stream.given() < enough) {
        const auto bytes = stream.next();
        if (!bytes && bytes.error().message.empty()) __builtin_trap();
        if (!bytes || bytes->empty()) return;
    }
}

void open_archive(Form form, Bytes input) {
    Archive archive(form, stream_of(input));
    for (int entries = 0; entries < 64; ++entries) {
        const auto entry = archive.next();
        if (!entry || !*entry) return;
        if ((*entry)->is_file) drain(*archive.content());
    }
}

void open_age(Bytes input) {
    static const auto identities = age::parse_identities(
        "AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX40Q2P2LM0", "key", {});
    age::Keys keys;
    if (identities) keys.identities = *identities;
    keys.passphrase = [] { return Result<std::string>("password"); };
    keys.work_factor = 10;
    if (const auto stream = age::decrypt(stream_of(input), keys)) drain(**stream);
    (void)age::parse_identities(input, "input", keys);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto input = Bytes(reinterpret_cast<const char*>(data), size);
    const auto form = form_of(input.substr(0, form_head));
    if (form == Form::zip || form == Form::tar) {
        open_archive(form, input);
    } else if (form >= Form::gzip && form <= Form::lz4) {
        drain(*decompress(form, stream_of(input)));
    } else {
        open_age(input);
    }
    return 0;
}
