#include "core/query/pattern.hpp"

#include <re2/filtered_re2.h>
#include <re2/re2.h>

#include <algorithm>

#include "formats/kube/special.hpp"
#include "formats/text/escape.hpp"

namespace salvor::query {
namespace {

/// Beyond this many the loop over needles is slower than an automaton over all.
constexpr std::size_t max_needles = 12;
/// RE2's budget: of an expression and of its automaton.
constexpr std::int64_t expression_memory = 64 << 20;
/// A text that is shorter has too little of it in base64.
constexpr std::size_t least_for_base64 = 4;

re2::RE2::Options re2_options(bool ignore_case) {
    re2::RE2::Options options;
    options.set_case_sensitive(!ignore_case);
    options.set_log_errors(false);
    options.set_max_mem(expression_memory);
    return options;
}

bool is_text(const std::string& pattern) {
    return pattern.find_first_of("\\^$.|?*+()[]{}") == std::string::npos;
}

/// Whether it may be a part of a number, a time, a duration or a truth, which are not stored as
/// text.
bool may_be_no_text(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    constexpr std::string_view truths = "true false null";
    if (truths.find(text) != std::string_view::npos) return true;
    const bool fits = text.find_first_not_of("0123456789+-.:tzehmsun\xc2\xb5") == std::string::npos;
    return fits && (text.find_first_of("0123456789") != std::string::npos || text.size() <= 2);
}

/// The longest part that stands in JSON as it is; of letters in any case one whose letters have no
/// other forms than ASCII's. Source: apimachinery's JSON escapes <, > and & as well
std::string plain_part(Bytes text, bool ignore_case) {
    const auto is_plain = [&](char c) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte == 0x7F || Bytes("\"\\<>&/").find(c) != Bytes::npos) return false;
        if (byte == 0xE2) return false;  // U+2028 and U+2029 are escaped, too
        return !ignore_case || (byte < 0x80 && Bytes("kKsS").find(c) == Bytes::npos);
    };
    Bytes longest;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = at;
        while (end < text.size() && is_plain(text[end])) ++end;
        if (end - at > longest.size()) longest = text.substr(at, end - at);
        at = end + 1;
    }
    return std::string(longest);
}

/// What of a text's base64 is the same whatever stands behind it, after `before` bytes of a group
/// of three.
std::string base64_part(Bytes text, std::size_t before) {
    const auto encoded = kube::base64(std::string(before, '\0') + std::string(text));
    const std::size_t start = (before * 8 + 5) / 6;
    return encoded.substr(start, (before + text.size()) * 8 / 6 - start);
}

std::string alternatives(const std::vector<std::string>& patterns, bool quoted) {
    std::string all;
    for (const auto& pattern : patterns) {
        all.append(all.empty() ? "(?:" : "|(?:");
        all.append(quoted ? re2::RE2::QuoteMeta(pattern) : pattern).append(")");
    }
    return all;
}

/// Each by itself, so that the message names the one that is wrong.
Result<void> check(const std::string& pattern) {
    const re2::RE2 one(pattern, re2_options(false));
    if (one.ok()) return {};
    return fail(ErrorCode::usage, "search: {} is no regular expression: {} (-F takes it as a text)",
                text::escape(pattern), one.error());
}

}  // namespace

Pattern::Pattern() = default;
Pattern::Pattern(Pattern&&) noexcept = default;
Pattern::~Pattern() = default;

Result<Pattern> Pattern::of(const std::vector<std::string>& patterns, const Options& options) {
    Pattern made;
    if (!options.fixed) {
        for (const auto& pattern : patterns) SALVOR_CHECK(check(pattern));
    }
    constexpr const char* nothing = "[^\\x00-\\x{10FFFF}]";
    made.expression_ = std::make_unique<re2::RE2>(
        patterns.empty() ? nothing : alternatives(patterns, options.fixed),
        re2_options(options.ignore_case));
    if (!made.expression_->ok())
        return fail(ErrorCode::usage, "search: the patterns are too large together: {}",
                    made.expression_->error());
    made.letters_ =
        options.ignore_case ? Needles::Letters::in_any_case : Needles::Letters::as_they_are;
    made.base64_ = !options.ignore_case;
    for (const auto& pattern : patterns) made.foresee(pattern, options);
    if (made.anywhere_ || made.texts_.size() <= max_needles) return made;
    re2::RE2::Options raw = re2_options(made.letters_ == Needles::Letters::in_any_case);
    raw.set_encoding(re2::RE2::Options::EncodingLatin1);
    made.many_needles_ = std::make_unique<re2::RE2>(alternatives(made.texts_, true), raw);
    if (!made.many_needles_->ok()) made.anywhere_ = true;
    return made;
}

void Pattern::foresee(const std::string& pattern, const Options& options) {
    if (options.fixed || is_text(pattern)) return foresee_text(pattern, options);
    base64_ = false;
    letters_ = Needles::Letters::in_any_case;  // an expression's atoms are lower case
    foresee_atoms(pattern);
}

void Pattern::foresee_text(Bytes text, const Options& options) {
    const auto part = plain_part(text, options.ignore_case);
    if (text.size() < least_for_base64) base64_ = false;
    if (part.empty() || may_be_no_text(std::string(text))) {
        anywhere_ = true;
        return;
    }
    texts_.push_back(part);
    needles_.add(
        part, options.ignore_case ? Needles::Letters::in_any_case : Needles::Letters::as_they_are);
    if (!base64_) return;
    for (const std::size_t before : {0, 1, 2}) {
        auto encoded = base64_part(text, before);
        needles_.add(encoded, Needles::Letters::as_they_are);
        texts_.push_back(encoded);
        std::replace(encoded.begin(), encoded.end(), '+', '-');
        std::replace(encoded.begin(), encoded.end(), '/', '_');
        if (encoded == texts_.back()) continue;
        needles_.add(encoded, Needles::Letters::as_they_are);
        texts_.push_back(encoded);
    }
}

void Pattern::foresee_atoms(const std::string& pattern) {
    re2::FilteredRE2 filter(2);
    int id = 0;
    std::vector<std::string> atoms;
    if (filter.Add(pattern, re2_options(true), &id) == re2::RE2::NoError) filter.Compile(&atoms);
    if (atoms.empty()) anywhere_ = true;
    for (const auto& atom : atoms) {
        const auto part = plain_part(atom, true);
        if (part.size() < 2 || may_be_no_text(atom)) {
            anywhere_ = true;
            return;
        }
        needles_.add(part, Needles::Letters::in_any_case);
        texts_.push_back(part);
    }
}

bool Pattern::holds(Bytes line) const {
    return re2::RE2::PartialMatch(re2::StringPiece(line.data(), line.size()), *expression_);
}

bool Pattern::may_stand_in(Bytes stored) const {
    if (anywhere_) return true;
    if (!many_needles_) return needles_.stand_in(stored);
    return re2::RE2::PartialMatch(re2::StringPiece(stored.data(), stored.size()), *many_needles_);
}

}  // namespace salvor::query
