#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/query/needles.hpp"
#include "formats/base/result.hpp"

namespace re2 {
class RE2;
}

namespace salvor::query {

/// What is searched for: texts or regular expressions, in RE2's syntax, any of which may match.
class Pattern {
 public:
    struct Options {
        bool fixed = false;        ///< texts, no expressions
        bool ignore_case = false;  ///< of all letters that Unicode has
    };
    /// Error: usage (an expression that does not parse, or is too large).
    static Result<Pattern> of(const std::vector<std::string>& patterns, const Options& options);
    Pattern(Pattern&&) noexcept;
    ~Pattern();

    /// Whether a line matches.
    bool holds(Bytes line) const;

    /// Whether bytes as they are stored may hold a text that matches, as UTF-8, as JSON escapes it,
    /// or in base64 where looks_into_base64(). It may say yes to what has none.
    bool may_stand_in(Bytes stored) const;
    /// may_stand_in() says yes to everything: what matches may be a number or a time, or anything.
    bool is_anywhere() const { return anywhere_; }
    /// Every pattern is a text in its own letters, of four bytes or more: its base64 is known, too.
    bool looks_into_base64() const { return base64_; }

 private:
    Pattern();
    void foresee(const std::string& pattern, const Options& options);
    void foresee_text(Bytes text, const Options& options);
    void foresee_atoms(const std::string& pattern);

    std::unique_ptr<re2::RE2> expression_;
    std::unique_ptr<re2::RE2> many_needles_;  ///< where they are too many to look at each
    Needles needles_;
    std::vector<std::string> texts_;  ///< of needles_
    Needles::Letters letters_{};
    bool anywhere_ = false;
    bool base64_ = false;
};

}  // namespace salvor::query
