#include <array>

#include "core/cluster/table/cells.hpp"
#include "core/verify/reference/referrer.hpp"
#include "core/verify/rules.hpp"

namespace salvor::verify {
namespace {

constexpr Rule claim_device_class{"claim-device-class",
                                  Layer::reference,
                                  Severity::warning,
                                  "the device classes that a ResourceClaim asks for are there",
                                  "no pod that needs the claim is scheduled: make the DeviceClass",
                                  Subject::cluster};
constexpr std::array table{claim_device_class};

void needs(const Referrer& referrer, Bytes device_class) {
    if (device_class.empty() || referrer.lookup.find("deviceclasses", {}, device_class)) return;
    referrer.say(claim_device_class,
                 [&] { return named("DeviceClass", {}, device_class) + " is not there"; });
}

}  // namespace

RuleRows device_rules() {
    return table;
}

/// Of a claim and of a template, which has the claim's spec one deeper. v1 and v1beta2 have the
/// class in `exactly`, older ones in the request, either of them in its alternatives.
void check_device_claim(const Referrer& referrer) {
    kube::Document document;
    const auto claim = referrer.tree(document);
    for (const auto* path : {"spec.devices.requests", "spec.spec.devices.requests"}) {
        for (const auto& request : table::items_at(claim, path)) {
            needs(referrer, request.text("deviceClassName"));
            needs(referrer, table::string_at(request, "exactly.deviceClassName"));
            for (const auto& other : table::items_at(request, "firstAvailable"))
                needs(referrer, other.text("deviceClassName"));
        }
    }
}

}  // namespace salvor::verify
