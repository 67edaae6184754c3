#include "formats/kube/renderer.hpp"
#include "formats/kube/sinks.hpp"

namespace salvor::kube {

template Result<void> render_object(const Schema&, const Shape&, Bytes, const ObjectOptions&,
                                    JsonSink&, std::vector<UnknownField>*);
template Result<void> render_message(const Schema&, const Shape&, Bytes, JsonSink&,
                                     std::vector<UnknownField>*);
template void tell<JsonSink>(const Value& value, JsonSink& sink);

}  // namespace salvor::kube
