#pragma once

#include <deque>
#include <expected>
#include <string>
#include <vector>

#include "formats/base/bytes.hpp"

// Options as the Go library spf13/pflag reads them: anywhere among the words, the last of several
// wins, a boolean takes a value only with `=`, long ones cannot be shortened, `--` ends them.

namespace salvor::tool::standin {

enum class FlagType { text, boolean, int64, uint64, duration };

struct Flag {
    Flag(std::string its_name, char letter, FlagType its_type, std::string its_fallback,
         std::string its_usage)
        : name(std::move(its_name)),
          shorthand(letter),
          type(its_type),
          fallback(std::move(its_fallback)),
          usage(std::move(its_usage)) {}
    std::string name;
    char shorthand;  ///< 0: none
    FlagType type;
    std::string fallback;  ///< the default, as text
    std::string usage;
    std::vector<std::string> choices;  ///< that a completion offers
    std::string value;
    bool changed = false;  ///< was typed
};

/// A command's options. Values are checked as they are typed, so reading them cannot fail.
class Flags {
 public:
    void add(Flag flag);
    void add_all(const std::vector<Flag>& flags);
    Flag* find(Bytes name);
    const Flag* find(Bytes name) const;
    Flag* find_short(char shorthand);

    const std::string& text(Bytes name) const;
    bool boolean(Bytes name) const;
    std::int64_t int64(Bytes name) const;
    std::uint64_t uint64(Bytes name) const;
    bool changed(Bytes name) const;

    /// The words that are no options, or pflag's error.
    std::expected<std::vector<std::string>, std::string> parse(
        const std::vector<std::string>& words);

 private:
    std::expected<void, std::string> set(Flag& flag, const std::string& value);
    std::expected<void, std::string> parse_long(const std::string& word,
                                                const std::vector<std::string>& words,
                                                std::size_t& next);
    std::expected<void, std::string> parse_short(const std::string& word,
                                                 const std::vector<std::string>& words,
                                                 std::size_t& next);

    std::deque<Flag> flags_;
};

/// The lines of a usage text, sorted by name, columns aligned.
std::string flag_lines(std::vector<Flag> flags);

}  // namespace salvor::tool::standin
