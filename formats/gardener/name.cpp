#include "formats/gardener/name.hpp"

#include <charconv>

namespace salvor::gardener {
namespace {

/// Takes what stands before `end` off; nullopt where it is no number.
std::optional<std::int64_t> take_number(Bytes& rest, char end) {
    const auto at = rest.find(end);
    const auto digits = rest.substr(0, at);
    std::int64_t value = 0;
    const auto* last = digits.data() + digits.size();
    const auto [stopped, error] = std::from_chars(digits.data(), last, value);
    if (error != std::errc{} || stopped != last || value < 0) return {};
    rest.remove_prefix(at == Bytes::npos ? rest.size() : at + 1);
    return value;
}

bool take(Bytes& rest, Bytes word) {
    if (!rest.starts_with(word)) return false;
    rest.remove_prefix(word.size());
    return true;
}

std::optional<Name::Packing> packing_of(Bytes suffix) {
    if (suffix.empty()) return Name::Packing::none;
    if (suffix == "gz") return Name::Packing::gzip;
    if (suffix == "zlib") return Name::Packing::zlib;
    if (suffix == "Z") return Name::Packing::lzw;
    return {};
}

}  // namespace

std::optional<Name> parse_name(Bytes file_name) {
    constexpr Bytes final_suffix = ".final";
    Name name;
    auto rest = file_name;
    if (!take(rest, "Full-")) {
        if (!take(rest, "Incr-")) return {};
        name.kind = Name::Kind::delta;
    }
    name.is_final = rest.ends_with(final_suffix);
    if (name.is_final) rest.remove_suffix(final_suffix.size());
    const auto first = take_number(rest, '-');
    const auto last = first ? take_number(rest, '-') : std::nullopt;
    const auto taken_at = last ? take_number(rest, '.') : std::nullopt;
    const auto packing = taken_at ? packing_of(rest) : std::nullopt;
    if (!packing || *first > *last) return {};
    name.first = *first;
    name.last = *last;
    name.taken_at = *taken_at;
    name.packing = *packing;
    return name;
}

}  // namespace salvor::gardener
