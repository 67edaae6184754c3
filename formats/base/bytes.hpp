#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace salvor {

/// A view of stored bytes, mostly into a map. Compares as bbolt does: bytewise, unsigned
/// (std::char_traits<char>), a prefix before what it starts.
using Bytes = std::string_view;

/// Loads from any address, aligned or not, in the order that the name says.
template <class T>
inline T load_le(const char* at) {
    T value;
    std::memcpy(&value, at, sizeof value);
    if constexpr (std::endian::native == std::endian::big) value = std::byteswap(value);
    return value;
}
template <class T>
inline T load_be(const char* at) {
    T value;
    std::memcpy(&value, at, sizeof value);
    if constexpr (std::endian::native == std::endian::little) value = std::byteswap(value);
    return value;
}
template <class T>
inline void store_le(char* at, T value) {
    if constexpr (std::endian::native == std::endian::big) value = std::byteswap(value);
    std::memcpy(at, &value, sizeof value);
}
template <class T>
inline void store_be(char* at, T value) {
    if constexpr (std::endian::native == std::endian::little) value = std::byteswap(value);
    std::memcpy(at, &value, sizeof value);
}

}  // namespace salvor
