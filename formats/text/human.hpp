#pragma once

#include <cstdint>
#include <string>

namespace salvor::text {

/// A size for people, in powers of 1000 and about three digits: "25 kB", "8.5 MB", "512 B".
std::string human_size(std::uint64_t bytes);

/// A time span as kubectl says ages, in two or three digits: 47s, 5m10s, 3h20m, 206d, 2y5d; less
/// than -1 is <invalid>. Source: apimachinery pkg/util/duration/duration.go HumanDuration
std::string human_duration(std::int64_t seconds);

/// "1 key", "2 keys".
std::string counted(std::uint64_t count, const char* one, const char* many);

}  // namespace salvor::text
