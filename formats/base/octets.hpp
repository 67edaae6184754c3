#pragma once

#include <string>

#include "formats/base/bytes.hpp"

namespace salvor {

/// Bytes as C libraries take them.
inline const unsigned char* octets(Bytes bytes) {
    return reinterpret_cast<const unsigned char*>(bytes.data());
}
inline unsigned char* octets(std::string& bytes) {
    return reinterpret_cast<unsigned char*>(bytes.data());
}

}  // namespace salvor
