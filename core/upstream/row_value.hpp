#pragma once

#include <expected>
#include <string>

#include "formats/base/bytes.hpp"
#include "formats/etcd/version.hpp"

namespace salvor::upstream {

/// The user key in a row's value, or the words of upstream's protobuf library on why the value does
/// not parse: gogo's up to 3.6, Google's since 3.7, which differ in what they take.
std::expected<Bytes, std::string> row_user_key(Bytes value, etcd::Line line);

}  // namespace salvor::upstream
