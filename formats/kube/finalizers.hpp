#pragma once

#include <string>

#include "formats/base/bytes.hpp"
#include "formats/base/result.hpp"

namespace salvor::kube {

/// A stored value, protobuf or JSON, whose metadata names no finalizer any more. All else of
/// protobuf is as it was, byte for byte; JSON is written as an apiserver would anew.
/// Errors: malformed, unsupported (encrypted, or another encoding).
Result<std::string> without_finalizers(Bytes stored);

}  // namespace salvor::kube
