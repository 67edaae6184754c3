#include "formats/kube/cbor.hpp"

#include <bit>
#include <cmath>
#include <unordered_set>

#include "formats/base/checksum.hpp"
#include "formats/kube/special.hpp"
#include "formats/text/utf8.hpp"

namespace salvor::kube {
namespace {

enum Major : unsigned {
    unsigned_number = 0,
    negative_number = 1,
    byte_string = 2,
    text_string = 3,
    array = 4,
    map = 5,
    tag = 6,
    simple = 7
};

constexpr std::uint64_t self_described = 55799;
constexpr unsigned indefinite = 31;

/// What an expected-encoding tag around a byte string makes of it.
enum class Encoding { none, base64url, base64, hex };

struct Head {
    unsigned major;
    unsigned info;
    std::uint64_t argument;
};

class Reader {
 public:
    Reader(Bytes bytes, Document& document) : bytes_(bytes), document_(&document) {}

    Result<Value> whole() {
        SALVOR_TRY(auto value, item(0, Encoding::none));
        if (at_ != bytes_.size())
            return fail_at(at_, ErrorCode::malformed, "CBOR: {} bytes behind the value",
                           bytes_.size() - at_);
        return value;
    }

 private:
    std::unexpected<Error> refuse(std::string_view what) {
        return fail_at(at_, ErrorCode::malformed, "CBOR: {} at byte {}", what, at_);
    }

    Result<Head> head() {
        if (at_ == bytes_.size()) return refuse("cut short");
        const unsigned first = static_cast<unsigned char>(bytes_[at_++]);
        Head head{first >> 5U, first & 31U, first & 31U};
        if (head.info < 24 || head.info == indefinite) return head;
        if (head.info > 27) return refuse("a reserved head");
        const std::size_t size = std::size_t{1} << (head.info - 24);
        if (bytes_.size() - at_ < size) return refuse("cut short");
        head.argument = 0;
        for (std::size_t i = 0; i < size; ++i)
            head.argument = head.argument << 8 | static_cast<unsigned char>(bytes_[at_ + i]);
        at_ += size;
        return head;
    }

    bool at_break() {
        if (at_ == bytes_.size() || static_cast<unsigned char>(bytes_[at_]) != 0xFF) return false;
        ++at_;
        return true;
    }

    Result<Value> item(std::size_t depth, Encoding encoding) {
        if (depth > max_value_depth)
            return fail_at(at_, ErrorCode::too_large, "CBOR is nested deeper than {}",
                           max_value_depth);
        SALVOR_TRY(const auto head, this->head());
        switch (head.major) {
            case unsigned_number:
                if (head.info == indefinite) return refuse("a number without end");
                if (head.argument > INT64_MAX) return refuse("an integer above int64");
                return Value::of(static_cast<std::int64_t>(head.argument));
            case negative_number:
                if (head.info == indefinite || head.argument > INT64_MAX)
                    return refuse("an integer below int64");
                return Value::of(-1 - static_cast<std::int64_t>(head.argument));
            case byte_string:
            case text_string: {
                SALVOR_TRY(const auto text, string(head));
                return encoded(text, head.major == byte_string ? encoding : Encoding::none);
            }
            case array: return items(head, depth, encoding);
            case map: return members(head, depth, encoding);
            case tag: return tagged(head, depth);
            default: return simple_value(head);
        }
    }

    Result<std::string_view> chunk(std::uint64_t size) {
        if (size > bytes_.size() - at_) return refuse("a string longer than what is left");
        const auto text = bytes_.substr(at_, size);
        at_ += size;
        return text;
    }
    Result<std::string_view> string(const Head& head) {
        if (head.info != indefinite) return chunk(head.argument);
        std::string all;
        while (!at_break()) {
            SALVOR_TRY(const auto part, this->head());
            if (part.major != head.major || part.info == indefinite)
                return refuse("a string of strange parts");
            SALVOR_TRY(const auto text, chunk(part.argument));
            all += text;
        }
        return document_->keep(std::move(all));
    }

    Result<Value> encoded(std::string_view text, Encoding encoding) {
        switch (encoding) {
            case Encoding::none: return Value::of(text);
            case Encoding::base64: return Value::of(document_->keep(base64(text)));
            case Encoding::hex: return Value::of(document_->keep(hex(text)));
            case Encoding::base64url: break;
        }
        std::string url = base64(text);
        for (char& c : url) c = c == '+' ? '-' : c == '/' ? '_' : c;
        url.erase(url.find_last_not_of('=') + 1);
        return Value::of(document_->keep(std::move(url)));
    }

    Result<Value> items(const Head& head, std::size_t depth, Encoding encoding) {
        Value value = Value::array();
        if (head.info != indefinite && head.argument > bytes_.size() - at_)
            return refuse("a list longer than what is left");
        for (std::uint64_t i = 0; head.info == indefinite ? !at_break() : i < head.argument; ++i) {
            SALVOR_TRY(auto element, item(depth + 1, encoding));
            value.items.push_back(std::move(element));
        }
        return value;
    }

    Result<Value> members(const Head& head, std::size_t depth, Encoding encoding) {
        Value value = Value::object();
        if (head.info != indefinite && head.argument > (bytes_.size() - at_) / 2)
            return refuse("a map longer than what is left");
        std::unordered_set<std::string_view> names;
        for (std::uint64_t i = 0; head.info == indefinite ? !at_break() : i < head.argument; ++i) {
            SALVOR_TRY(const auto key_head, this->head());
            if (key_head.major != byte_string && key_head.major != text_string)
                return refuse("a key that is no string");
            SALVOR_TRY(const auto name, string(key_head));
            if (!names.insert(name).second) return refuse("a key that stands twice");
            SALVOR_TRY(auto member, item(depth + 1, encoding));
            value.members.push_back({name, std::move(member)});
        }
        return value;
    }

    Result<Value> tagged(const Head& head, std::size_t depth) {
        switch (head.info == indefinite ? ~std::uint64_t{0} : head.argument) {
            case self_described: return item(depth + 1, Encoding::none);
            case 21: return item(depth + 1, Encoding::base64url);
            case 22: return item(depth + 1, Encoding::base64);
            case 23: return item(depth + 1, Encoding::hex);
            case 0:
            case 1: {
                SALVOR_TRY(const auto value, item(depth + 1, Encoding::none));
                return time(value);
            }
            default: return refuse(fmt::format("tag {}, which the server refuses", head.argument));
        }
    }

    Result<Value> time(const Value& value) {
        if (value.is_string()) return value;
        double seconds =
            value.type == Value::Type::real ? value.real : static_cast<double>(value.integer);
        if (value.type != Value::Type::real && value.type != Value::Type::integer)
            return refuse("a time that is no number");
        const double whole = std::floor(seconds);
        auto text =
            std::fabs(whole) < 1e12 ? rfc3339({static_cast<std::int64_t>(whole), 0}) : std::nullopt;
        if (!text) return refuse("a time outside the years 0 to 9999");
        if (const auto nanos = static_cast<long>((seconds - whole) * 1e9); nanos > 0) {
            auto fraction = fmt::format("{:09}", nanos);
            fraction.erase(fraction.find_last_not_of('0') + 1);
            text->insert(text->size() - 1, "." + fraction);
        }
        return Value::of(document_->keep(std::move(*text)));
    }

    Result<Value> simple_value(const Head& head) {
        switch (head.info) {
            case 20: return Value::of(false);
            case 21: return Value::of(true);
            case 22: return Value{};
            case 25: return real(half(static_cast<std::uint16_t>(head.argument)));
            case 26: return real(std::bit_cast<float>(static_cast<std::uint32_t>(head.argument)));
            case 27: return real(std::bit_cast<double>(head.argument));
            default: return refuse("a simple value other than false, true and null");
        }
    }

    static double half(std::uint16_t bits) {
        const int exponent = bits >> 10 & 31;
        const double mantissa = bits & 1023;
        double value = exponent == 0    ? std::ldexp(mantissa, -24)
                       : exponent == 31 ? (mantissa != 0 ? NAN : INFINITY)
                                        : std::ldexp(mantissa + 1024, exponent - 25);
        return bits & 0x8000 ? -value : value;
    }

    Result<Value> real(double number) {
        if (!std::isfinite(number)) return refuse("a number that is not finite");
        Value value;
        value.type = Value::Type::real;
        value.real = number;
        return value;
    }

    Bytes bytes_;
    Document* document_;
    std::size_t at_ = 0;
};

}  // namespace

Result<Value> parse_cbor(Bytes bytes, Document& document) {
    return Reader(bytes, document).whole();
}

}  // namespace salvor::kube
