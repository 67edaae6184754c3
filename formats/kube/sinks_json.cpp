#include "formats/kube/sinks.hpp"

namespace salvor::kube {

template class Renderer<JsonSink>;
template void tell<JsonSink>(const Value& value, JsonSink& sink);

}  // namespace salvor::kube
