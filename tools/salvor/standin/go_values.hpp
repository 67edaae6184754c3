#pragma once

#include <cstdint>
#include <expected>
#include <string>

#include "formats/base/bytes.hpp"

// An option's value as Go reads it, or Go's own words on why it is none.
// Source: Go strconv/{atob,atoi}.go, time/format.go

namespace salvor::tool::standin {

template <class T>
using GoValue = std::expected<T, std::string>;

GoValue<bool> go_bool(const std::string& text);
/// Base by prefix: 0x, 0o, 0b, a leading 0; underscores between digits.
GoValue<std::int64_t> go_int64(const std::string& text);
GoValue<std::uint64_t> go_uint64(const std::string& text);
/// "10s", "1h30m"; in nanoseconds.
GoValue<std::int64_t> go_duration(const std::string& text);

}  // namespace salvor::tool::standin
