#include "formats/kube/json_check.hpp"

#include <bit>
#include <bitset>
#include <cmath>
#include <cstdlib>

#include "formats/kube/json.hpp"

namespace salvor::kube {
namespace {

constexpr std::uint64_t of_each(unsigned char byte) {
    return 0x0101010101010101U * byte;
}

/// The high bit of each of eight bytes that ends a run of plain characters within a string: a
/// control, a quote, a backslash. Above the first such byte the bits mean nothing.
std::uint64_t run_ends(std::uint64_t bytes) {
    const auto below = [](std::uint64_t word, unsigned char limit) {
        return (word - of_each(limit)) & ~word;
    };
    return (below(bytes, 0x20) | below(bytes ^ of_each('"'), 1) | below(bytes ^ of_each('\\'), 1)) &
           of_each(0x80);
}

/// Where the run of plain characters that begins at `at` ends.
const char* run_end(const char* at, const char* end) {
    for (; end - at >= 8; at += 8) {
        const auto ends = run_ends(load_le<std::uint64_t>(at));
        if (ends != 0) return at + std::countr_zero(ends) / 8;
    }
    while (at != end && static_cast<unsigned char>(*at) >= 0x20 && *at != '"' && *at != '\\') ++at;
    return at;
}

class Scan {
 public:
    Scan(Bytes text, std::span<const WantedText> wanted, Document* document)
        : text_(text), wanted_(wanted), document_(document) {}

    Result<void> run() {
        do {
            if (!step()) return refused();
        } while (depth_ > 0);
        skip_space();
        if (at_ != text_.size()) return refused();
        return {};
    }

 private:
    std::unexpected<Error> refused() const {
        if (depth_ >= max_value_depth) {
            return fail(ErrorCode::too_large, "JSON of {} bytes is nested deeper than {}",
                        text_.size(), max_value_depth);
        }
        return fail_at(at_, ErrorCode::malformed, "JSON of {} bytes: no value at byte {}",
                       text_.size(), at_);
    }

    /// One value, or the beginning of one, and all that ends behind it.
    bool step() {
        skip_space();
        if (at_ == text_.size()) return false;
        const char c = text_[at_];
        if (c == '{' || c == '[') return open(c == '{');
        return scalar(c) && close();
    }

    bool open(bool object) {
        if (depth_ >= max_value_depth) return false;
        ++at_;
        is_object_[depth_++] = object;
        skip_space();
        const char end = object ? '}' : ']';
        if (at_ < text_.size() && text_[at_] == end) {
            ++at_;
            --depth_;
            return close();
        }
        return !object || name();
    }

    /// Behind a value: what ends here, until the next value of some list or object begins.
    bool close() {
        while (depth_ > 0) {
            skip_space();
            if (at_ == text_.size()) return false;
            const bool object = is_object_[depth_ - 1];
            const char c = text_[at_];
            if (c != ',' && c != (object ? '}' : ']')) return false;
            ++at_;
            if (c == ',') return !object || name();
            --depth_;
        }
        return true;
    }

    /// A member's name and the colon behind it.
    bool name() {
        skip_space();
        const auto start = at_;
        if (!string()) return false;
        if (depth_ <= names_.size()) names_[depth_ - 1] = text_.substr(start + 1, at_ - start - 2);
        skip_space();
        if (at_ == text_.size() || text_[at_] != ':') return false;
        ++at_;
        return true;
    }

    bool scalar(char c) {
        switch (c) {
            case '"': return text();
            case 't': return word("true");
            case 'f': return word("false");
            case 'n': return word("null");
            default: return number();
        }
    }

    bool text() {
        const auto start = at_;
        if (!string()) return false;
        if (depth_ > 0 && depth_ <= names_.size()) take(text_.substr(start, at_ - start));
        return true;
    }

    /// The value with its quotes.
    void take(Bytes value) {
        for (const auto& wanted : wanted_) {
            if (!is_here(wanted.path)) continue;
            *wanted.into = value.substr(1, value.size() - 2);
            if (wanted.into->find('\\') == Bytes::npos) continue;
            if (const auto plain = parse_json(value, *document_)) *wanted.into = plain->string;
        }
    }
    bool is_here(const std::array<Bytes, 3>& path) const {
        for (std::size_t i = 0; i < path.size(); ++i) {
            if (i >= depth_ ? !path[i].empty() : !is_object_[i] || path[i] != names_[i])
                return false;
        }
        return true;
    }

    bool string() {
        if (at_ == text_.size() || text_[at_] != '"') return false;
        ++at_;
        for (;;) {
            const char* const end = text_.data() + text_.size();
            at_ = static_cast<std::size_t>(run_end(text_.data() + at_, end) - text_.data());
            if (at_ == text_.size()) return false;
            if (text_[at_] == '"') return ++at_, true;
            if (text_[at_] != '\\' || !escape()) return false;
        }
    }
    bool escape() {
        if (text_.size() - at_ < 2) return false;
        const char c = text_[at_ + 1];
        at_ += 2;
        if (c != 'u') return Bytes("\"\\/bfnrt").find(c) != Bytes::npos;
        if (text_.size() - at_ < 4) return false;
        if (text_.substr(at_, 4).find_first_not_of("0123456789abcdefABCDEF") != Bytes::npos)
            return false;
        at_ += 4;
        return true;
    }

    bool number() {
        const auto start = at_;
        return number_text() && is_finite(text_.substr(start, at_ - start));
    }
    /// Go makes a float64 of what is no integer, and refuses one that is too large for it. Only
    /// what has an exponent or hundreds of digits can be.
    static bool is_finite(Bytes number) {
        constexpr std::size_t digits_of_largest = 308;
        if (number.size() <= digits_of_largest && number.find_first_of("eE") == Bytes::npos)
            return true;
        return std::isfinite(std::strtod(std::string(number).c_str(), nullptr));
    }
    bool number_text() {
        if (text_[at_] == '-') ++at_;
        if (at_ < text_.size() && text_[at_] == '0') {
            ++at_;
        } else if (!digits()) {
            return false;
        }
        if (at_ < text_.size() && text_[at_] == '.') {
            ++at_;
            if (!digits()) return false;
        }
        if (at_ == text_.size() || (text_[at_] != 'e' && text_[at_] != 'E')) return true;
        ++at_;
        if (at_ < text_.size() && (text_[at_] == '+' || text_[at_] == '-')) ++at_;
        return digits();
    }
    bool digits() {
        const auto start = at_;
        while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') ++at_;
        return at_ > start;
    }
    bool word(Bytes word) {
        if (text_.substr(at_, word.size()) != word) return false;
        at_ += word.size();
        return true;
    }
    void skip_space() {
        while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' ||
                                      text_[at_] == '\t' || text_[at_] == '\r'))
            ++at_;
    }

    Bytes text_;
    std::span<const WantedText> wanted_;
    Document* document_;
    std::size_t at_ = 0;
    std::size_t depth_ = 0;
    std::bitset<max_value_depth> is_object_;
    std::array<Bytes, 3> names_;  ///< of the members that stand open, the outer first
};

}  // namespace

Result<void> check_json(Bytes text, std::span<const WantedText> wanted, Document& document) {
    return Scan(text, wanted, &document).run();
}

Result<void> check_json(Bytes text) {
    return Scan(text, {}, nullptr).run();
}

}  // namespace salvor::kube
