#include "formats/kube/base64url.hpp"

#include <algorithm>

#include "formats/kube/special.hpp"

namespace salvor::kube {

std::string base64url(Bytes bytes) {
    auto text = base64(bytes);
    std::replace(text.begin(), text.end(), '+', '-');
    std::replace(text.begin(), text.end(), '/', '_');
    text.erase(text.find_last_not_of('=') + 1);
    return text;
}

std::optional<std::string> parse_base64url(Bytes text) {
    constexpr std::size_t group = 4;
    if (text.find_first_of("+/=") != Bytes::npos) return {};
    std::string standard(text);
    std::replace(standard.begin(), standard.end(), '-', '+');
    std::replace(standard.begin(), standard.end(), '_', '/');
    standard.append((group - standard.size() % group) % group, '=');
    return parse_base64(standard);
}

}  // namespace salvor::kube
