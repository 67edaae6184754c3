#include "core/restore/command_line.hpp"

#include <algorithm>

#include "core/restore/urls.hpp"
#include "formats/text/escape.hpp"

namespace salvor::restore {
namespace {

std::string stem(const Wishes& wishes) {
    auto line = "salvor restore " + shell_word(wishes.source.string());
    for (const auto& word : wishes.other_words) line += " " + shell_word(word);
    return line;
}

}  // namespace

std::string shell_word(std::string_view word) {
    constexpr std::string_view plain =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./:=,@%+[]";
    if (!word.empty() && word.find_first_not_of(plain) == word.npos) return std::string(word);
    std::string word_quoted = "'";
    for (const char c : word) word_quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return word_quoted + "'";
}

std::string names_of(const std::vector<Peer>& peers) {
    std::vector<std::string> names;
    for (const auto& peer : peers) names.push_back(text::escape(peer.name));
    return names.empty() ? "none" : joined(names, ", ");
}

std::unexpected<Error> refuse_to_guess(const Wishes& wishes, const std::vector<Peer>& known,
                                       std::string_view why) {
    const auto line = stem(wishes);
    if (known.size() == 1) {
        return fail(ErrorCode::refused,
                    "{}; the backup is of one member, {} at {}:\n  {} --member {}", why,
                    names_of(known), joined(known.front().peer_urls, ","), line,
                    shell_word(known.front().name));
    }
    if (known.empty()) {
        return fail(ErrorCode::refused,
                    "{}; give --name, --initial-cluster and --initial-advertise-peer-urls", why);
    }
    const auto named = wishes.member     ? wishes.member
                       : wishes.name     ? wishes.name
                       : wishes.manifest ? wishes.manifest->name
                                         : std::nullopt;
    const bool is_known = named && std::ranges::find(known, *named, &Peer::name) != known.end();
    const auto& own = is_known ? *named : known.front().name;
    return fail(ErrorCode::refused,
                "{}; the backup is of {} members, {}. Either all of them, each to its own host:\n"
                "  {} --all-members\n"
                "or a cluster of one, which the others join anew:\n"
                "  {} --member {} --single-member\n"
                "or one of them here, and the same on each other host with its own name:\n"
                "  {} --member {} --initial-cluster {}",
                why, known.size(), names_of(known), line, line, shell_word(own), line,
                shell_word(own), shell_word(initial_cluster(known)));
}

}  // namespace salvor::restore
