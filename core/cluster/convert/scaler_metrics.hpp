#pragma once

#include "core/cluster/convert/edit.hpp"

// A metric of a HorizontalPodAutoscaler, between autoscaling/v2 and the form that v1 (in its
// annotations) and v2beta1 share.

namespace salvor::convert {

Value metric_to_hub(const Value& metric, Context& context);
Value metric_status_to_hub(const Value& metric);
/// With members in the order of Go's struct.
Value metric_from_hub(const Value& metric);
Value metric_status_from_hub(const Value& metric);

}  // namespace salvor::convert
