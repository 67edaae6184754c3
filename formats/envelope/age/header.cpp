#include "formats/envelope/age/header.hpp"

#include <algorithm>

#include "formats/envelope/age/primitives.hpp"
#include "formats/text/escape.hpp"

namespace salvor::envelope::age {
namespace {

constexpr Bytes version = "age-encryption.org/v1";
constexpr std::size_t columns = 64;
constexpr std::size_t mac_size = 32;

std::vector<std::string> words_of(Bytes line) {
    std::vector<std::string> words;
    for (;;) {
        const auto space = line.find(' ');
        words.emplace_back(line.substr(0, space));
        if (space == Bytes::npos) return words;
        line.remove_prefix(space + 1);
    }
}

bool is_word(const std::string& word) {
    return !word.empty() &&
           std::ranges::all_of(word, [](char letter) { return letter >= 33 && letter <= 126; });
}

class Reader {
 public:
    explicit Reader(Peekable& stream) : stream_(&stream) {}

    Result<Header> read() {
        SALVOR_TRY(const auto first, line());
        if (first != version) {
            return fail(ErrorCode::malformed, "age header: its first line is {}, not {}",
                        text::escape(first), version);
        }
        for (;;) {
            SALVOR_TRY(const auto start, line());
            if (start.starts_with("---")) {
                SALVOR_CHECK(take_mac(start));
                return std::move(header_);
            }
            SALVOR_TRY(auto stanza, stanza_from(start));
            header_.stanzas.push_back(std::move(stanza));
        }
    }

 private:
    Result<std::string> line();
    Result<Stanza> stanza_from(const std::string& start);
    Result<void> take_mac(const std::string& line);

    Peekable* stream_;
    Header header_;
    std::size_t lines_ = 0;
};

Result<std::string> Reader::line() {
    constexpr std::size_t usual = 256;
    for (auto wanted = usual;; wanted *= 2) {
        SALVOR_TRY(const auto head, stream_->peek(wanted));
        const auto end = head.find('\n');
        if (end == Bytes::npos && head.size() == wanted &&
            header_.text.size() + wanted < most_header)
            continue;
        if (end == Bytes::npos || header_.text.size() + end > most_header) {
            return fail(ErrorCode::malformed, "age header: line {} does not end", lines_ + 1);
        }
        std::string found(head.substr(0, end));
        stream_->skip(end + 1);
        ++lines_;
        header_.text += found.starts_with("---") ? "---" : found + "\n";
        return found;
    }
}

Result<Stanza> Reader::stanza_from(const std::string& start) {
    const auto words = words_of(start);
    if (words.size() < 2 || words[0] != "->" || !std::ranges::all_of(words, is_word)) {
        return fail(ErrorCode::malformed, "age header: line {} begins no recipient: {}", lines_,
                    text::escape(start));
    }
    Stanza stanza{words[1], {words.begin() + 2, words.end()}, {}};
    for (;;) {
        SALVOR_TRY(const auto text, line());
        const auto bytes = decode_base64(text);
        if (!bytes || text.size() > columns) {
            return fail(ErrorCode::malformed,
                        "age header: line {} is no base64 of up to {} characters", lines_, columns);
        }
        stanza.body += *bytes;
        if (text.size() < columns) return stanza;
    }
}

Result<void> Reader::take_mac(const std::string& line) {
    const auto words = words_of(line);
    const auto mac =
        words.size() == 2 && words[0] == "---" ? decode_base64(words[1]) : std::nullopt;
    if (!mac || mac->size() != mac_size || header_.stanzas.empty()) {
        return fail(ErrorCode::malformed, "age header: line {} holds no authentication code",
                    lines_);
    }
    header_.mac = *mac;
    return {};
}

}  // namespace

Result<Header> read_header(Peekable& stream) {
    return Reader(stream).read();
}

std::string written(const std::vector<Stanza>& stanzas) {
    std::string text(version);
    text += '\n';
    for (const auto& stanza : stanzas) {
        text += "-> " + stanza.type;
        for (const auto& argument : stanza.arguments) text += " " + argument;
        text += '\n';
        // Lines of 64, and a shorter one, which may be empty, as the end.
        const auto base64 = encode_base64(stanza.body);
        for (std::size_t at = 0; at <= base64.size(); at += columns)
            text += base64.substr(at, columns) + '\n';
    }
    return text + "---";
}

}  // namespace salvor::envelope::age
