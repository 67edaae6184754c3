#include "tools/salvor/standin/flags.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cassert>

#include "core/upstream/quote.hpp"
#include "tools/salvor/standin/go_values.hpp"

namespace salvor::tool::standin {
namespace {

using upstream::quote;
using upstream::quote_character;

/// Why a value is none for its type; empty where it is one.
std::string flaw_of(FlagType type, const std::string& value) {
    const auto error = [](const auto& parsed) { return parsed ? std::string{} : parsed.error(); };
    switch (type) {
        case FlagType::text: return {};
        case FlagType::boolean: return error(go_bool(value));
        case FlagType::int64: return error(go_int64(value));
        case FlagType::uint64: return error(go_uint64(value));
        case FlagType::duration: return error(go_duration(value));
    }
    return {};
}

const char* type_word(FlagType type) {
    switch (type) {
        case FlagType::text: return " string";
        case FlagType::boolean: return "";
        case FlagType::int64: return " int";
        case FlagType::uint64: return " uint";
        case FlagType::duration: return " duration";
    }
    return "";
}

std::string fallback_words(const Flag& flag) {
    if (flag.type == FlagType::boolean || flag.fallback.empty() || flag.fallback == "0") return {};
    return fmt::format(" (default {})",
                       flag.type == FlagType::text ? quote(flag.fallback) : flag.fallback);
}

}  // namespace

void Flags::add(Flag flag) {
    flag.value = flag.fallback;
    flags_.push_back(std::move(flag));
}
void Flags::add_all(const std::vector<Flag>& flags) {
    for (const auto& flag : flags) add(flag);
}

Flag* Flags::find(Bytes name) {
    const auto at = std::find_if(flags_.begin(), flags_.end(),
                                 [&](const Flag& flag) { return flag.name == name; });
    return at == flags_.end() ? nullptr : &*at;
}
const Flag* Flags::find(Bytes name) const {
    return const_cast<Flags*>(this)->find(name);
}
Flag* Flags::find_short(char shorthand) {
    const auto at = std::find_if(flags_.begin(), flags_.end(),
                                 [&](const Flag& flag) { return flag.shorthand == shorthand; });
    return at == flags_.end() ? nullptr : &*at;
}

const std::string& Flags::text(Bytes name) const {
    const auto* flag = find(name);
    assert(flag);
    return flag->value;
}
bool Flags::boolean(Bytes name) const {
    return go_bool(text(name)).value_or(false);
}
std::int64_t Flags::int64(Bytes name) const {
    return go_int64(text(name)).value_or(0);
}
std::uint64_t Flags::uint64(Bytes name) const {
    return go_uint64(text(name)).value_or(0);
}
bool Flags::changed(Bytes name) const {
    const auto* flag = find(name);
    return flag && flag->changed;
}

std::expected<void, std::string> Flags::set(Flag& flag, const std::string& value) {
    if (const auto flaw = flaw_of(flag.type, value); !flaw.empty()) {
        const auto name =
            flag.shorthand ? fmt::format("-{}, --{}", flag.shorthand, flag.name) : "--" + flag.name;
        return std::unexpected(
            fmt::format("invalid argument {} for {} flag: {}", quote(value), quote(name), flaw));
    }
    flag.value = value;
    flag.changed = true;
    return {};
}

std::expected<void, std::string> Flags::parse_long(const std::string& word,
                                                   const std::vector<std::string>& words,
                                                   std::size_t& next) {
    const auto equals = word.find('=');
    const auto name = word.substr(2, equals == std::string::npos ? equals : equals - 2);
    if (name.empty() || name[0] == '-') return std::unexpected("bad flag syntax: " + word);
    auto* flag = find(name);
    if (!flag) return std::unexpected("unknown flag: --" + name);
    if (equals != std::string::npos) return set(*flag, word.substr(equals + 1));
    if (flag->type == FlagType::boolean) return set(*flag, "true");
    if (next < words.size()) return set(*flag, words[next++]);
    return std::unexpected("flag needs an argument: --" + name);
}

std::expected<void, std::string> Flags::parse_short(const std::string& word,
                                                    const std::vector<std::string>& words,
                                                    std::size_t& next) {
    for (std::size_t at = 1; at < word.size(); ++at) {
        const auto letters = word.substr(at);
        auto* flag = find_short(word[at]);
        if (!flag) {
            return std::unexpected(fmt::format("unknown shorthand flag: {} in -{}",
                                               quote_character(word[at]), letters));
        }
        if (letters.size() > 2 && letters[1] == '=') return set(*flag, letters.substr(2));
        if (flag->type != FlagType::boolean) {
            if (letters.size() > 1) return set(*flag, letters.substr(1));
            if (next < words.size()) return set(*flag, words[next++]);
            return std::unexpected(fmt::format("flag needs an argument: {} in -{}",
                                               quote_character(word[at]), letters));
        }
        if (auto done = set(*flag, "true"); !done) return done;
    }
    return {};
}

std::expected<std::vector<std::string>, std::string> Flags::parse(
    const std::vector<std::string>& words) {
    std::vector<std::string> rest;
    for (std::size_t next = 0; next < words.size();) {
        const auto& word = words[next++];
        if (word.size() < 2 || word[0] != '-') {
            rest.push_back(word);
            continue;
        }
        if (word == "--") {
            rest.insert(rest.end(), words.begin() + static_cast<std::ptrdiff_t>(next), words.end());
            break;
        }
        auto done = word[1] == '-' ? parse_long(word, words, next) : parse_short(word, words, next);
        if (!done) return std::unexpected(done.error());
    }
    return rest;
}

std::string flag_lines(std::vector<Flag> flags) {
    std::sort(flags.begin(), flags.end(),
              [](const Flag& a, const Flag& b) { return a.name < b.name; });
    std::vector<std::string> names;
    std::size_t widest = 0;
    for (const auto& flag : flags) {
        const auto dash =
            flag.shorthand ? fmt::format("  -{}, ", flag.shorthand) : std::string(6, ' ');
        names.push_back(fmt::format("{}--{}{}", dash, flag.name, type_word(flag.type)));
        widest = std::max(widest, names.back().size());
    }
    std::string lines;
    for (std::size_t i = 0; i < flags.size(); ++i) {
        lines += fmt::format("{:<{}}   {}{}\n", names[i], widest, flags[i].usage,
                             fallback_words(flags[i]));
    }
    return lines;
}

}  // namespace salvor::tool::standin
