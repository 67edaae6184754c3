#include "formats/kube/render.hpp"

#include "formats/kube/cbor.hpp"
#include "formats/text/key_order.hpp"

namespace salvor::kube {

bool key_before(Order order, std::string_view a, std::string_view b) {
    return order == Order::json ? a < b : text::key_less(a, b);
}

Result<Value> parse_any(Bytes bytes, Document& document) {
    return is_cbor(bytes) ? parse_cbor(bytes, document) : parse_json(bytes, document);
}

}  // namespace salvor::kube
