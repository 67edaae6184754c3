#pragma once

#include <cstdint>
#include <string>

namespace salvor::text {

/// A size for people, in powers of 1000 and about three digits: "25 kB", "8.5 MB", "512 B".
std::string human_size(std::uint64_t bytes);

/// "1 key", "2 keys".
std::string counted(std::uint64_t count, const char* one, const char* many);

}  // namespace salvor::text
