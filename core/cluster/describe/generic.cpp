#include <locale.h>
#include <wctype.h>

#include <algorithm>
#include <array>

#include "core/cluster/describe/parts.hpp"
#include "core/cluster/json_path.hpp"
#include "formats/text/utf8.hpp"

// Kinds that kubectl has no words for.

namespace salvor::describe {
namespace {

constexpr std::uint8_t merges_capitals_since = 36;  ///< CIDRs is one word
constexpr std::uint8_t lowers_words_in = 35;        ///< PDF is Pdf

/// What the head of the description has said.
constexpr std::array said{".metadata.managedFields", ".metadata.name", ".metadata.namespace",
                          ".metadata.labels", ".metadata.annotations"};

class Printing {
 public:
    Printing(const Subject& subject, Writer& out) : release_(subject.release), out_(out) {}

    void members(const Value& object, std::size_t level, const std::string& path) {
        if (level > kube::max_value_depth) return;
        for (const auto* member : sorted(&object)) {
            const auto below = fmt::format("{}.{}", path, member->name);
            if (std::find(said.begin(), said.end(), below) != said.end()) continue;
            one(*member, level, below);
        }
    }

 private:
    void one(const Value::Member& member, std::size_t level, const std::string& path) {
        const auto label = field_label(member.name, release_);
        if (member.value.is_object()) {
            out_.write(level, "{}:\n", label);
            members(member.value, level + 1, path);
        } else if (member.value.is_array()) {
            out_.write(level, "{}:\n", label);
            for (const auto& item : member.value.items) {
                if (item.is_object()) {
                    members(item, level + 1, path);
                } else {
                    out_.write(level + 1, "{}\n", cluster::go_text(item));
                }
            }
        } else {
            out_.write(level, "{}:\t{}\n", label, cluster::go_text(member.value));
        }
    }

    std::uint8_t release_;
    Writer& out_;
};

// -- labels

enum class Case : std::uint8_t { lower, upper, neither, no_letter };

/// A character of a field's name.
struct Letter {
    std::string_view text;
    wint_t code = 0;
    Case kind = Case::no_letter;
};

/// Letters of all scripts, wherever the program runs.
locale_t unicode() {
    static const locale_t locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
    return locale;
}

Case case_of(wint_t code) {
    if (code >= 'a' && code <= 'z') return Case::lower;
    if (code >= 'A' && code <= 'Z') return Case::upper;
    if (code < 0x80 || unicode() == nullptr || !iswalpha_l(code, unicode())) return Case::no_letter;
    return iswlower_l(code, unicode())   ? Case::lower
           : iswupper_l(code, unicode()) ? Case::upper
                                         : Case::neither;
}

std::vector<Letter> letters_of(std::string_view text) {
    std::vector<Letter> letters;
    while (!text.empty()) {
        const auto code = text::first_code_point(text);
        const auto size = std::max<std::size_t>(code.size, 1);
        const auto value = static_cast<wint_t>(code.value);
        letters.push_back(
            {text.substr(0, size), value, code.size == 0 ? Case::no_letter : case_of(value)});
        text.remove_prefix(size);
    }
    return letters;
}

using Word = std::vector<Letter>;

std::string text_of_word(const Word& word) {
    std::string text;
    for (const auto& letter : word) text += letter.text;
    return text;
}
bool is_all(const Word& word, Case kind) {
    return std::all_of(word.begin(), word.end(),
                       [&](const Letter& letter) { return letter.kind == kind; });
}
bool has_any(const Word& word, Case kind) {
    return std::any_of(word.begin(), word.end(),
                       [&](const Letter& letter) { return letter.kind == kind; });
}

/// fooBAR as foo and BAR, FOOBar as FOO and Bar. Source: fatih/camelcase
std::vector<Word> words_of(const std::vector<Letter>& field) {
    std::vector<Word> words;
    for (const auto& letter : field) {
        if (words.empty() || words.back().back().kind != letter.kind) words.emplace_back();
        words.back().push_back(letter);
    }
    for (std::size_t i = 0; i + 1 < words.size(); ++i) {
        if (!is_all(words[i], Case::upper) || !is_all(words[i + 1], Case::lower)) continue;
        words[i + 1].insert(words[i + 1].begin(), words[i].back());
        words[i].pop_back();
    }
    std::erase_if(words, [](const Word& word) { return word.empty(); });
    return words;
}

/// API, CID: at least two capitals and nothing small.
bool is_capitals(const Word& word) {
    return word.size() >= 2 && std::all_of(word.begin(), word.end(), [](const Letter& letter) {
               return letter.kind == Case::upper || letter.kind == Case::no_letter;
           });
}

std::string upper(std::string_view word) {
    std::string text(word);
    for (char& c : text) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    return text;
}

std::string with_capital(const Word& word, std::string text) {
    const auto& first = word.front();
    if (first.kind != Case::lower) return text;
    const auto code = first.code < 0x80 ? static_cast<wint_t>(first.code - 'a' + 'A')
                                        : towupper_l(first.code, unicode());
    std::string capital;
    text::append_utf8(capital, static_cast<std::uint32_t>(code));
    return capital + text.substr(first.text.size());
}

std::string titled(const Word& word, std::uint8_t release) {
    auto text = text_of_word(word), capitals = upper(text);
    for (const std::string_view acronym : {"API", "URL", "UID", "GUID", "OSB"}) {
        if (capitals == acronym && (acronym != "OSB" || release < merges_capitals_since))
            return capitals;
    }
    if (release >= merges_capitals_since && has_any(word, Case::upper)) return text;
    if (release != lowers_words_in) return with_capital(word, text);
    const auto lowered = table::lower(text);
    return word.front().kind == Case::lower ? with_capital(word, lowered)
                                            : text.substr(0, word.front().text.size()) +
                                                  lowered.substr(word.front().text.size());
}

}  // namespace

std::string field_label(std::string_view field, std::uint8_t release) {
    const auto letters = letters_of(field);
    const bool is_plain = std::all_of(letters.begin(), letters.end(), [](const Letter& letter) {
        return letter.kind != Case::no_letter || letter.code == '-';
    });
    if (!is_plain) return std::string(field);
    auto words = words_of(letters);
    for (std::size_t i = 0; release >= merges_capitals_since && i + 1 < words.size(); ++i) {
        if (!is_capitals(words[i]) || words[i + 1].front().kind != Case::upper) continue;
        words[i].insert(words[i].end(), words[i + 1].begin(), words[i + 1].end());
        words.erase(words.begin() + static_cast<std::ptrdiff_t>(i) + 1);
    }
    std::vector<std::string> titles;
    for (const auto& word : words) titles.push_back(titled(word, release));
    return table::join(titles, " ");
}

void describe_generic(const Subject& subject, Writer& out) {
    name_and_namespace(subject, out);
    labels_and_annotations(subject, out);
    Printing(subject, out).members(subject.object, 0, "");
}

}  // namespace salvor::describe
