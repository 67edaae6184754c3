#include "formats/kube/at_rest/provider.hpp"

#include "formats/kube/stored.hpp"

namespace salvor::kube::at_rest {

std::optional<Mark> parse_mark(Bytes value) {
    if (!value.starts_with(encrypted_magic)) return {};
    Bytes rest = value.substr(encrypted_magic.size());
    Mark mark;
    for (Bytes* part : {&mark.scheme, &mark.version, &mark.name}) {
        const auto colon = rest.find(':');
        if (colon == Bytes::npos) return {};
        *part = rest.substr(0, colon);
        rest.remove_prefix(colon + 1);
    }
    mark.body = rest;
    return mark;
}

}  // namespace salvor::kube::at_rest
