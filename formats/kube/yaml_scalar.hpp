#pragma once

#include "formats/base/bytes.hpp"
#include "formats/kube/value.hpp"

namespace salvor::kube {

/// What a plain scalar stands for, by YAML 1.1 as the YAML package that kubectl uses has it.
/// `text` outlives the value. Source: sigs.k8s.io/yaml goyaml.v2/resolve.go
Value plain_scalar(Bytes text);

}  // namespace salvor::kube
