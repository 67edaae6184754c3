#include "formats/kube/renderer.hpp"
#include "formats/kube/sinks.hpp"

namespace salvor::kube {

template Result<void> render_object(const Schema&, const Shape&, Bytes, const ObjectOptions&,
                                    YamlSink&, std::vector<UnknownField>*);
template Result<void> render_message(const Schema&, const Shape&, Bytes, YamlSink&,
                                     std::vector<UnknownField>*);
template void tell<YamlSink>(const Value& value, YamlSink& sink);

}  // namespace salvor::kube
