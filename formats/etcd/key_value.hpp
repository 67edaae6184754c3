#pragma once

#include <string>

#include "formats/base/bytes.hpp"
#include "formats/base/result.hpp"

namespace salvor::etcd {

/// mvccpb.KeyValue, the value of a row of the `key` bucket; views into the row. A tombstone has
/// only `key`. Source: etcd api/mvccpb/kv.proto
struct KeyValue {
    Bytes key;                         ///< 1
    std::int64_t create_revision = 0;  ///< 2
    std::int64_t mod_revision = 0;     ///< 3
    std::int64_t version = 0;          ///< 4
    Bytes value;                       ///< 5
    std::int64_t lease = 0;            ///< 6
};

/// Unknown fields are skipped, a repeated field's last value wins, as in upstream. No allocation.
/// Error: malformed.
Result<KeyValue> parse_key_value(Bytes value);
/// The key alone; of a value as etcd writes it, nothing behind the key is read. Error: malformed.
Result<Bytes> parse_key(Bytes value);
std::string encode_key_value(const KeyValue& kv);

}  // namespace salvor::etcd
