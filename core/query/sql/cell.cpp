#include "core/query/sql/cell.hpp"

#include "formats/text/utf8.hpp"

namespace salvor::query {

/// SQL's functions take a text to end at its first zero byte.
void Cell::set_stored(Bytes bytes) {
    set(bytes);
    if (bytes.find('\0') != Bytes::npos || !text::is_utf8(bytes)) kind = Kind::bytes;
}

}  // namespace salvor::query
