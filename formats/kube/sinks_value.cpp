#include "formats/kube/renderer.hpp"
#include "formats/kube/sinks.hpp"

namespace salvor::kube {

template Result<void> render_object(const Schema&, const Shape&, Bytes, const ObjectOptions&,
                                    ValueSink&, std::vector<UnknownField>*);
template Result<void> render_message(const Schema&, const Shape&, Bytes, ValueSink&,
                                     std::vector<UnknownField>*);
template void tell<ValueSink>(const Value& value, ValueSink& sink);

}  // namespace salvor::kube
