#include "formats/kube/json_text.hpp"

#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <vector>

#include "formats/kube/sinks.hpp"

namespace salvor::kube {

/// The parser owns what it parsed; both, and the room behind the text that it reads, are used
/// again.
struct JsonText::Parsed {
    simdjson::dom::parser parser;
    std::string padded;
    simdjson::dom::element root;

    simdjson::error_code read(Bytes text);
};

namespace {

using simdjson::dom::element;
using simdjson::dom::element_type;

/// Deeper ones are left to parse_json, which needs no stack of calls.
constexpr std::size_t max_depth = 256;
constexpr std::size_t first_room = 4096;
/// As many parsers wait for the next text; each has room for the largest that it read.
constexpr std::size_t max_spares = 4;
/// One that read a larger text is not kept.
constexpr std::size_t max_kept_size = 1 << 20;

std::vector<std::unique_ptr<JsonText::Parsed>>& spares() {
    static thread_local std::vector<std::unique_ptr<JsonText::Parsed>> spares;
    return spares;
}

constexpr std::uint64_t of_each(unsigned char byte) {
    return 0x0101010101010101U * byte;
}

/// Not zero where one of the eight bytes is `byte`; where none is, zero.
std::uint64_t any_is(std::uint64_t bytes, unsigned char byte) {
    const auto zeros = bytes ^ of_each(byte);
    return (zeros - of_each(1)) & ~zeros & of_each(0x80);
}

/// Half of a surrogate pair is for parse_json to judge.
bool may_have_surrogates(Bytes text) {
    constexpr std::size_t word = sizeof(std::uint64_t);
    const auto begins_one = [&](std::size_t at) {
        return text[at] == '\\' && text.size() - at > 2 && text[at + 1] == 'u' &&
               (text[at + 2] | 0x20) == 'd';
    };
    std::size_t at = 0;
    for (; at + word < text.size(); at += word) {
        // A backslash and, in its place of the next eight bytes, a u: most words have no backslash.
        const auto slashes = any_is(load_le<std::uint64_t>(text.data() + at), '\\');
        if ((slashes & any_is(load_le<std::uint64_t>(text.data() + at + 1), 'u')) == 0) continue;
        for (auto i = at; i < at + word; ++i) {
            if (begins_one(i)) return true;
        }
    }
    for (; at < text.size(); ++at) {
        if (begins_one(at)) return true;
    }
    return false;
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool fits_integer(Bytes digits, bool negative) {
    std::uint64_t number = 0;
    const auto* last = digits.data() + digits.size();
    if (std::from_chars(digits.data(), last, number).ec != std::errc{}) return false;
    return !negative || number <= std::uint64_t{1} << 63;
}

/// The text with ".0" behind each integer that fits no 64 bits: as Go, which makes floats of them,
/// and not as simdjson, which refuses them.
std::string with_large_integers_as_floats(Bytes text) {
    std::string out;
    bool in_string = false;
    for (std::size_t at = 0; at < text.size();) {
        const auto ends = [&](char c) { return c == '"' || (in_string ? c == '\\' : is_digit(c)); };
        const auto plain = static_cast<std::size_t>(
            std::find_if(text.begin() + at, text.end(), ends) - text.begin());
        out += text.substr(at, plain - at);
        if ((at = plain) == text.size()) break;
        if (!is_digit(text[at]) || in_string) {
            const std::size_t taken = text[at] == '\\' ? 2 : 1;
            in_string = in_string != (taken == 1);
            out += text.substr(at, taken);
            at += std::min(taken, text.size() - at);
            continue;
        }
        const bool negative = at > 0 && text[at - 1] == '-';
        auto end = at;
        while (end < text.size() && is_digit(text[end])) ++end;
        const auto digits = text.substr(at, end - at);
        out += digits;
        const bool goes_on = end < text.size() && Bytes(".eE").find(text[end]) != Bytes::npos;
        if (!goes_on && !fits_integer(digits, negative)) out += ".0";
        for (at = end;
             goes_on && at < text.size() && Bytes("0123456789.eE+-").find(text[at]) != Bytes::npos;
             ++at)
            out += text[at];
    }
    return out;
}

/// Of a name that stands twice the last.
std::optional<element> member_of(const element& object, std::string_view name) {
    std::optional<element> found;
    if (!object.is_object()) return found;
    for (const auto member : simdjson::dom::object(object)) {
        if (member.key == name) found = member.value;
    }
    return found;
}

std::string_view text_of(const std::optional<element>& value) {
    return value && value->is_string() ? std::string_view(*value) : std::string_view{};
}

struct Member {
    std::string_view name;
    element value;
    std::size_t place;  ///< among its fellows
};

/// One level's members lie above its parent's.
std::vector<Member>& stack() {
    static thread_local std::vector<Member> stack;
    return stack;
}

template <class Sink>
class Teller {
 public:
    Teller(Sink& sink, const JsonText::Metadata& metadata)
        : sink_(sink), metadata_(metadata), members_(stack()) {}

    void root(const element& value) {
        if (value.is_object()) return object(value, Level::root);
        any(value);
    }

 private:
    enum class Level { root, metadata, other };

    void any(const element& value, Level level = Level::other) {
        switch (value.type()) {
            case element_type::NULL_VALUE: return sink_.null();
            case element_type::BOOL: return sink_.boolean(bool(value));
            case element_type::INT64: return sink_.integer(std::int64_t(value));
            case element_type::UINT64: return sink_.unsigned_integer(std::uint64_t(value));
            case element_type::DOUBLE: return sink_.real(double(value));
            case element_type::STRING: return sink_.string(std::string_view(value));
            case element_type::OBJECT: return object(value, level);
            case element_type::ARRAY: break;
        }
        sink_.begin_array();
        for (const auto item : simdjson::dom::array(value)) any(item);
        sink_.end_array();
    }

    void object(const element& value, Level level) {
        const auto base = members_.size();
        for (const auto member : simdjson::dom::object(value))
            members_.push_back({member.key, member.value, members_.size()});
        order(base);
        const auto end = members_.size();
        bool versioned = level != Level::metadata || metadata_.resource_version.empty();
        sink_.begin_object();
        for (auto i = base; i < end; ++i) {
            const Member member = members_[i];
            if (i + 1 < end && members_[i + 1].name == member.name) continue;
            if (level == Level::metadata) {
                if (member.name == "managedFields" && !metadata_.managed_fields) continue;
                if (!versioned && !key_before(Sink::order, member.name, resource_version))
                    version(versioned);
                if (member.name == resource_version && !metadata_.resource_version.empty())
                    continue;
            }
            sink_.key(member.name);
            const bool is_metadata = level == Level::root && member.name == "metadata";
            any(member.value, is_metadata ? Level::metadata : Level::other);
        }
        if (!versioned) version(versioned);
        sink_.end_object();
        members_.resize(base);
    }

    void version(bool& versioned) {
        sink_.key(resource_version);
        sink_.string(metadata_.resource_version);
        versioned = true;
    }

    /// Alike ones stay as they came.
    void order(std::size_t base) {
        const auto before = [](const Member& a, const Member& b) {
            return a.name == b.name ? a.place < b.place : key_before(Sink::order, a.name, b.name);
        };
        const auto first = members_.begin() + static_cast<std::ptrdiff_t>(base);
        if (!std::is_sorted(first, members_.end(), before))
            std::sort(first, members_.end(), before);
    }

    static constexpr std::string_view resource_version = "resourceVersion";
    Sink& sink_;
    const JsonText::Metadata& metadata_;
    std::vector<Member>& members_;
};

}  // namespace

simdjson::error_code JsonText::Parsed::read(Bytes text) {
    if (padded.size() < text.size() + simdjson::SIMDJSON_PADDING)
        padded.resize(text.size() + simdjson::SIMDJSON_PADDING);
    std::copy(text.begin(), text.end(), padded.begin());
    if (parser.max_depth() != max_depth) {
        const auto failure = parser.allocate(first_room, max_depth);
        if (failure != simdjson::SUCCESS) return failure;
    }
    return parser.parse(padded.data(), text.size(), false).get(root);
}

void JsonText::GiveBack::operator()(Parsed* parsed) const {
    std::unique_ptr<Parsed> owned(parsed);
    if (spares().size() < max_spares && owned->padded.size() <= max_kept_size)
        spares().push_back(std::move(owned));
}

std::optional<JsonText> JsonText::parse(Bytes text) {
    if (may_have_surrogates(text)) return {};
    std::unique_ptr<Parsed> parsed;
    if (spares().empty()) {
        parsed = std::make_unique<Parsed>();
    } else {
        parsed = std::move(spares().back());
        spares().pop_back();
    }
    std::shared_ptr<Parsed> shared(parsed.release(), GiveBack{});
    auto failure = shared->read(text);
    if (failure == simdjson::NUMBER_ERROR)
        failure = shared->read(with_large_integers_as_floats(text));
    if (failure != simdjson::SUCCESS) return {};
    return JsonText(std::move(shared));
}

std::string_view JsonText::text(std::string_view name) const {
    return text_of(member_of(parsed_->root, name));
}

void JsonText::each_manager(const std::function<void(Bytes, Bytes)>& each) const {
    const auto metadata = member_of(parsed_->root, "metadata");
    const auto managed = metadata ? member_of(*metadata, "managedFields") : std::nullopt;
    if (!managed || !managed->is_array()) return;
    for (const auto entry : simdjson::dom::array(*managed))
        each(text_of(member_of(entry, "manager")), text_of(member_of(entry, "time")));
}

void JsonText::tell(JsonSink& sink, const Metadata& metadata) const {
    Teller(sink, metadata).root(parsed_->root);
}

void JsonText::tell(YamlSink& sink, const Metadata& metadata) const {
    Teller(sink, metadata).root(parsed_->root);
}

void JsonText::tell(ValueSink& sink, const Metadata& metadata) const {
    Teller(sink, metadata).root(parsed_->root);
}

}  // namespace salvor::kube
