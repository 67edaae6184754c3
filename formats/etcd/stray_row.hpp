#pragma once

#include <functional>
#include <optional>

#include "formats/etcd/key_value.hpp"
#include "formats/etcd/revision.hpp"

// Rows of the `key` bucket told by their own form, where no element names them: a revision, and
// behind it a KeyValue that says the same revision.

namespace salvor::etcd {

struct StrayRow {
    std::size_t at = 0;  ///< of the row key
    RowKey row_key;
    std::size_t value_at = 0;
    std::size_t value_size = 0;  ///< of what is there
    bool whole = false;          ///< false: the bytes end before the value does
    /// Nothing is behind it, or a zero, as every row key begins: else a field may have been lost of
    /// which the tag was damaged.
    bool ended = false;
    Bytes user_key;
    std::int64_t create_revision = 0, version = 0;  ///< of a put; 0: its end is before that
};

/// The row whose key begins at `at`; nullopt where none does.
std::optional<StrayRow> stray_row_at(Bytes bytes, std::size_t at);

/// Every row of `bytes` that does not begin within one before it. A row that has the beginning of
/// another in it, and no other behind it, was cut there, though its length says more.
void find_stray_rows(Bytes bytes, const std::function<void(const StrayRow&)>& each);

/// Whether the value's bytes are one KeyValue that goes with the row key, and nothing else; or the
/// empty value of the marker that a revision bump leaves.
bool agrees(const RowKey& row_key, Bytes value);

}  // namespace salvor::etcd
