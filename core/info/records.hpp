#pragma once

#include <functional>

#include "core/info/info.hpp"
#include "formats/bbolt/page.hpp"

namespace salvor::info {

/// Told of each thing that could not be read.
using Unread = std::function<void(const std::string&)>;

/// Takes one row of a bucket other than `key` into `info`; rows that are not etcd's are
/// counted.
void take_record(Info& info, Bytes bucket, const bbolt::LeafEntry& entry, const Unread& unread);

}  // namespace salvor::info
