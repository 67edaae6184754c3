#pragma once

#include "core/cluster/changes.hpp"
#include "core/cluster/redact.hpp"

namespace salvor::diff {

/// Values that are no objects of Kubernetes, as far as they may be shown: text as it is, other
/// bytes in base64. Beside Kubernetes, and where a value looks like one of its own, they are
/// redacted: what a distribution keeps there may be secret.
class RawValues {
 public:
    RawValues(bool show_secrets, bool beside_kubernetes, const cluster::Redactor& redactor)
        : show_secrets_(show_secrets), beside_kubernetes_(beside_kubernetes), redactor_(redactor) {}

    /// As fields `value` (`valueBase64` where it is no text) and `lease`; with `all` also
    /// `modRevision`.
    cluster::Changes changes(const etcd::KeyValue& before, const etcd::KeyValue& after,
                             bool all) const;

    bool is_redacted(Bytes value) const;

 private:
    bool show_secrets_, beside_kubernetes_;
    const cluster::Redactor& redactor_;
};

}  // namespace salvor::diff
