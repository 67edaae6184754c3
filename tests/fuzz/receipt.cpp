#include <cstdint>

#include "core/seal/receipt.hpp"

namespace {

using namespace salvor;

/// What a reader took is written and taken again as the same.
void come_back(const seal::Receipt& receipt) {
    const auto written = seal::to_json(receipt, nullptr);
    if (!written) __builtin_trap();
    const auto again = seal::parse_receipt(*written);
    if (!again || again->sealed != receipt.sealed || again->manifest != receipt.manifest)
        __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto input = Bytes(reinterpret_cast<const char*>(data), size);
    const auto receipt = seal::parse_receipt(input);
    if (receipt) come_back(*receipt);
    if (!receipt && receipt.error().message.empty()) __builtin_trap();
    if (const auto manifest = seal::parse_manifest(input)) come_back({{}, *manifest, {}});
    return 0;
}
