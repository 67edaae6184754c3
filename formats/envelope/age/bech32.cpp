#include "formats/envelope/age/bech32.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace salvor::envelope::age {
namespace {

constexpr Bytes alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
constexpr std::size_t checksum_size = 6;

/// BIP 173, "Checksum".
std::uint32_t polymod(const std::vector<std::uint8_t>& values) {
    constexpr std::array<std::uint32_t, 5> generator{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd,
                                                     0x2a1462b3};
    std::uint32_t sum = 1;
    for (const auto value : values) {
        const auto top = sum >> 25;
        sum = (sum & 0x1ffffff) << 5 ^ value;
        for (std::size_t i = 0; i < generator.size(); ++i) {
            if (top >> i & 1) sum ^= generator[i];
        }
    }
    return sum;
}

std::optional<std::string> to_bytes(const std::vector<std::uint8_t>& values) {
    std::string bytes;
    std::uint32_t bits = 0;
    int held = 0;
    for (const auto value : values) {
        bits = bits << 5 | value;
        held += 5;
        if (held >= 8) bytes.push_back(static_cast<char>(bits >> (held -= 8)));
    }
    if (held >= 5 || (bits & ((1u << held) - 1)) != 0) return {};
    return bytes;
}

bool is_lower(char letter) {
    return letter >= 'a' && letter <= 'z';
}
bool is_upper(char letter) {
    return letter >= 'A' && letter <= 'Z';
}

}  // namespace

std::optional<Bech32> decode_bech32(Bytes text) {
    if (std::ranges::any_of(text, is_lower) && std::ranges::any_of(text, is_upper)) return {};
    std::string lower(text);
    for (auto& letter : lower) {
        if (is_upper(letter)) letter = static_cast<char>(letter - 'A' + 'a');
    }
    const auto split = lower.rfind('1');
    if (split == std::string::npos || split == 0 || split + 1 + checksum_size > lower.size())
        return {};
    Bech32 found{lower.substr(0, split), {}};
    std::vector<std::uint8_t> all, values;
    for (const char letter : found.prefix) all.push_back(static_cast<std::uint8_t>(letter >> 5));
    all.push_back(0);
    for (const char letter : found.prefix) all.push_back(letter & 31);
    for (const char letter : lower.substr(split + 1)) {
        const auto value = alphabet.find(letter);
        if (value == Bytes::npos) return {};
        values.push_back(static_cast<std::uint8_t>(value));
    }
    all.insert(all.end(), values.begin(), values.end());
    if (polymod(all) != 1) return {};
    values.resize(values.size() - checksum_size);
    auto data = to_bytes(values);
    if (!data) return {};
    found.data = *std::move(data);
    return found;
}

}  // namespace salvor::envelope::age
