#include "formats/kube/token.hpp"

#include <cmath>

#include "formats/kube/base64url.hpp"
#include "formats/kube/json.hpp"

namespace salvor::kube {
namespace {

/// A time of a JWT: seconds since 1970, which need not be whole.
std::optional<std::int64_t> seconds_of(const Value* number) {
    constexpr double farthest = 253402300799;  // the year 9999
    if (!number) return {};
    if (number->type == Value::Type::integer) return number->integer;
    if (number->type != Value::Type::real || std::abs(number->real) > farthest) return {};
    return static_cast<std::int64_t>(number->real);
}

}  // namespace

std::optional<Token> read_token(Bytes text) {
    const auto first = text.find('.'), last = text.rfind('.');
    if (first == Bytes::npos || first == last) return {};
    const auto header_text = parse_base64url(text.substr(0, first));
    const auto claims_text = parse_base64url(text.substr(first + 1, last - first - 1));
    auto signature = parse_base64url(text.substr(last + 1));
    if (!header_text || !claims_text || !signature) return {};
    Document document;
    const auto header = parse_json(*header_text, document);
    const auto claims = parse_json(*claims_text, document);
    if (!header || !claims || !header->is_object() || !claims->is_object()) return {};
    Token token;
    token.algorithm = header->text("alg");
    token.key_id = header->text("kid");
    token.issuer = claims->text("iss");
    token.subject = claims->text("sub");
    token.expires = seconds_of(claims->find("exp"));
    token.signed_text = text.substr(0, last);
    token.signature = *std::move(signature);
    return token;
}

}  // namespace salvor::kube
