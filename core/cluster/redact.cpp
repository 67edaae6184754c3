#include "core/cluster/redact.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "formats/base/checksum.hpp"
#include "formats/kube/json.hpp"
#include "formats/kube/special.hpp"

namespace salvor::cluster {
namespace {

using kube::Document;
using kube::Value;

/// What of a kind is secret: members whose text, or all texts in them, go.
/// Source: kubernetes api core/v1/types.go, openshift api oauth/v1/types.go
struct Rule {
    Bytes kind;
    std::array<Bytes, 2> members;
    bool base64;        ///< in the first of them
    bool name_as_well;  ///< the object's name is the token itself
};
constexpr std::array rules{
    Rule{"Secret", {"data", "stringData"}, true, false},
    Rule{"OAuthAccessToken", {"authorizeToken", "refreshToken"}, false, true},
    Rule{"OAuthAuthorizeToken", {"", ""}, false, true},
    Rule{"OAuthClient", {"secret", "additionalSecrets"}, false, false},
};

/// What each of their kinds begins with.
constexpr std::array<Bytes, 2> kind_starts{"Secret", "OAuth"};
static_assert(std::all_of(rules.begin(), rules.end(), [](const Rule& rule) {
    return rule.kind.starts_with(kind_starts[0]) || rule.kind.starts_with(kind_starts[1]);
}));

const Rule* rule_of_kind(Bytes kind) {
    const auto found = std::find_if(rules.begin(), rules.end(),
                                    [&](const Rule& rule) { return rule.kind == kind; });
    return found == rules.end() ? nullptr : &*found;
}

/// By what the value says that it is, and by where it is stored: a Secret with a false name is one.
const Rule* rule_of(const Object& object) {
    const auto* type = object.key().type;
    if (type && type->plural == "secrets" && type->group.empty()) return &rules[0];
    return rule_of_kind(object.kind());
}

/// Any letter may be written \u0053. Servers write so what is no letter: <, > and &.
bool has_escaped_letter(Bytes json) {
    constexpr Bytes escape = "\\u00";
    for (auto at = json.find(escape); at != Bytes::npos; at = json.find(escape, at + 1)) {
        const auto digit = json.substr(at + escape.size(), 1);
        if (digit >= "4" && digit <= "7") return true;
    }
    return false;
}

/// Whether an object that is none itself may have a secret one in it. What is told without a look
/// at the value has to be told fast, so the value is but searched.
bool may_hold_one(const Object& object) {
    if (object.shape() && !object.shape()->holds_any) return false;
    const auto value = object.value();
    if (has_escaped_letter(value)) return true;
    return std::any_of(kind_starts.begin(), kind_starts.end(),
                       [&](Bytes start) { return value.find(start) != Bytes::npos; });
}

/// From 4.6 on a token's name is its SHA-256, which opens nothing.
bool is_token(Bytes name) {
    return !name.empty() && !name.starts_with("sha256~");
}

class Work {
 public:
    Work(const Redactor& redactor, Document& document) : redactor_(redactor), document_(document) {}

    /// A secret object; `stored`: it may have copies of itself in annotations.
    void object(const Rule& rule, Value& value, bool stored) {
        for (const auto member : rule.members) {
            auto* secret = member.empty() ? nullptr : value.find(member);
            if (secret) texts(*secret, rule.base64 && member == rule.members[0], 0);
        }
        // What the tables do not know may be anything.
        if (auto* unknown = value.find("unknownFields")) texts(*unknown, true, 0);
        auto* metadata = value.find("metadata");
        if (!metadata) return;
        auto* name = rule.name_as_well ? metadata->find("name") : nullptr;
        if (name && name->is_string() && is_token(name->string)) text(*name, false);
        auto* annotations = metadata->find("annotations");
        if (stored && annotations) {
            for (auto& annotation : annotations->members) copy(rule, annotation.value);
        }
    }

    /// Any other object: secret ones that stand somewhere in it, and in its annotations' copies.
    void within(Value& value, std::size_t depth = 0) {
        if (depth > kube::max_value_depth) return;
        if (value.is_object()) {
            if (const auto* rule = rule_of_kind(value.text("kind")))
                return object(*rule, value, true);
        }
        for (auto& item : value.items) within(item, depth + 1);
        for (auto& member : value.members) within(member.value, depth + 1);
        auto* annotations = value.is_object() ? value.find("annotations") : nullptr;
        if (!annotations) return;
        for (auto& annotation : annotations->members) {
            if (looks_like_object(annotation.value))
                rewrite(annotation.value, [&](Work& work, Value& inner) { work.within(inner); });
        }
    }

 private:
    void text(Value& value, bool base64) {
        const auto plain = base64 ? kube::parse_base64(value.string) : std::nullopt;
        const auto shown = redactor_.in_place_of(plain ? Bytes(*plain) : value.string);
        value.string = document_.keep(shown);
        changed_ = true;
    }

    void texts(Value& value, bool base64, std::size_t depth) {
        if (depth > kube::max_value_depth) {
            value = Value{};
            changed_ = true;
            return;
        }
        if (value.is_string()) return text(value, base64);
        for (auto& item : value.items) texts(item, base64, depth + 1);
        for (auto& member : value.members) texts(member.value, base64, depth + 1);
    }

    static bool looks_like_object(const Value& annotation) {
        if (!annotation.is_string()) return false;
        const auto start = annotation.string.find_first_not_of(" \t\r\n");
        return start != Bytes::npos && annotation.string[start] == '{';
    }

    /// An annotation that holds an object, as kubectl apply and others leave it.
    void copy(const Rule& rule, Value& annotation) {
        if (!looks_like_object(annotation)) return;
        const bool parsed =
            rewrite(annotation, [&](Work& work, Value& inner) { work.object(rule, inner, false); });
        if (!parsed) text(annotation, false);
    }

    /// Says no where the text is no object's; it stays then.
    template <class Change>
    bool rewrite(Value& annotation, Change&& change) {
        Document inner;
        auto value = kube::parse_json(annotation.string, inner);
        if (!value || !value->is_object()) return false;
        Work work(redactor_, inner);
        change(work, *value);
        if (!work.changed_) return true;
        changed_ = true;
        std::string out;
        kube::JsonSink sink(out);
        kube::tell(*value, sink);
        if (annotation.string.ends_with('\n')) out += '\n';
        annotation.string = document_.keep(std::move(out));
        return true;
    }

    const Redactor& redactor_;
    Document& document_;
    bool changed_ = false;
};

}  // namespace

Redactor::Redactor(Equality equality) : equality_(equality) {
    if (equality_ == Equality::shown &&
        RAND_bytes(key_.data(), static_cast<int>(key_.size())) != 1) {
        equality_ = Equality::hidden;  // rather less than a key that can be guessed
    }
}

bool Redactor::is_secret(const Object& object) {
    return rule_of(object) != nullptr;
}

bool Redactor::concerns(const Object& object) {
    return rule_of(object) || may_hold_one(object);
}

void Redactor::redact(const Object& object, Value& value, Document& document) const {
    Work work(*this, document);
    if (const auto* rule = rule_of(object)) {
        work.object(*rule, value, true);
    } else if (may_hold_one(object)) {
        work.within(value);
    }
}

std::string Redactor::name(const Object& object) const {
    const auto* rule = rule_of(object);
    const auto name = object.key().name;
    return rule && rule->name_as_well && is_token(name) ? in_place_of(name) : std::string(name);
}

std::string Redactor::in_place_of(Bytes secret) const {
    const auto size = fmt::format("{} byte{}", secret.size(), secret.size() == 1 ? "" : "s");
    if (equality_ == Equality::hidden) return fmt::format("redacted ({})", size);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned digest_size = 0;
    HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()),
         reinterpret_cast<const unsigned char*>(secret.data()), secret.size(), digest.data(),
         &digest_size);
    constexpr std::size_t shown = 8;
    return fmt::format("redacted ({}, hmac {})", size,
                       hex(Bytes(reinterpret_cast<const char*>(digest.data()), shown)));
}

std::optional<std::uint64_t> Redactor::size_told(Bytes in_place) {
    constexpr Bytes start = "redacted (";
    if (!in_place.starts_with(start)) return {};
    std::uint64_t size = 0;
    const auto* last = in_place.data() + in_place.size();
    const auto [end, error] = std::from_chars(in_place.data() + start.size(), last, size);
    if (error != std::errc{} ||
        !Bytes(end, static_cast<std::size_t>(last - end)).starts_with(" byte"))
        return {};
    return size;
}

}  // namespace salvor::cluster
