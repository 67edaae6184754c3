#include "formats/kube/sinks.hpp"

namespace salvor::kube {

template class Renderer<YamlSink>;
template void tell<YamlSink>(const Value& value, YamlSink& sink);

}  // namespace salvor::kube
