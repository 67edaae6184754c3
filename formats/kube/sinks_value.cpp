#include "formats/kube/sinks.hpp"

namespace salvor::kube {

template class Renderer<ValueSink>;
template void tell<ValueSink>(const Value& value, ValueSink& sink);

}  // namespace salvor::kube
