#include "core/cluster/describe/describe.hpp"

#include <array>

#include "core/cluster/describe/parts.hpp"
#include "formats/kube/schema/schema.hpp"

namespace salvor::describe {
namespace {

constexpr Kind generic{"", "", describe_generic};

const Kind& kind_of(const kube::Value& object, std::uint8_t release) {
    const auto group = kube::split_api_version(object.text("apiVersion")).group;
    const auto kind = object.text("kind");
    for (const auto family : {basics(), pods(), nodes(), workloads(), jobs(), network(), policies(),
                              storage(), limits(), rbac(), scaling(), certificates()}) {
        for (const auto& one : family) {
            if (one.group == group && one.kind == kind && one.since <= release &&
                release <= one.until)
                return one;
        }
    }
    return generic;
}

}  // namespace

bool has_own_layout(const kube::Value& object, std::uint8_t release) {
    return &kind_of(object, release) != &generic;
}

std::string description(const Subject& subject) {
    Writer out;
    const auto& kind = kind_of(subject.object, subject.release);
    kind.describe(subject, out);
    if (kind.events != Events::none) events(subject, kind, out);
    return out.take();
}

}  // namespace salvor::describe
