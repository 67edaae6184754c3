#pragma once

#include <array>
#include <optional>
#include <string>

#include "core/cluster/object.hpp"

namespace salvor::cluster {

/// The one place where secrets are kept from sight: Secrets' data and stringData, copies of them in
/// annotations such as last-applied-configuration, Secrets within another object (a List, a
/// Template, a custom resource), OpenShift's OAuth tokens and client secrets. What stands in their
/// place is no base64, so it cannot be applied by mistake.
class Redactor {
 public:
    /// Whether equal secrets show as equal: then each bears an HMAC under a key of this run.
    enum class Equality { hidden, shown };
    explicit Redactor(Equality equality = Equality::hidden);

    /// Whether it is a Secret itself, or another kind that is one as a whole.
    static bool is_secret(const Object& object);
    /// Whether anything in the object may have to be redacted.
    static bool concerns(const Object& object);
    /// `value`: the object as told. New texts are kept by the document.
    void redact(const Object& object, kube::Value& value, kube::Document& document) const;
    /// An object's name, which an OAuth token of OpenShift before 4.6 has its secret in.
    std::string name(const Object& object) const;

    /// "redacted (16 bytes)"
    std::string in_place_of(Bytes secret) const;
    /// How many bytes that says; nullopt of any other text.
    static std::optional<std::uint64_t> size_told(Bytes in_place);

 private:
    Equality equality_;
    std::array<unsigned char, 32> key_{};
};

}  // namespace salvor::cluster
