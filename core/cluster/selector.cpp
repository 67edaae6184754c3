#include "core/cluster/selector.hpp"

#include <algorithm>
#include <charconv>

#include "formats/text/escape.hpp"

namespace salvor::cluster {
namespace {

using Operator = Requirement::Operator;

std::optional<std::int64_t> number(Bytes text) {
    std::int64_t value = 0;
    const auto* last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, value);
    return error == std::errc{} && end == last ? std::optional(value) : std::nullopt;
}

/// Words and marks of a label selector, one after another.
class LabelParser {
 public:
    explicit LabelParser(Bytes text) : text_(text), rest_(text) {}

    Result<Requirements> all() {
        Requirements found;
        skip_blanks();
        if (rest_.empty()) return found;
        for (;;) {
            SALVOR_TRY(auto requirement, one());
            found.push_back(std::move(requirement));
            skip_blanks();
            if (rest_.empty()) return found;
            if (!take(",")) return wrong("a comma");
        }
    }

 private:
    Result<Requirement> one() {
        skip_blanks();
        Requirement requirement;
        const bool negated = take("!");
        requirement.key = word();
        if (requirement.key.empty()) return wrong("a label's key");
        if (negated) {
            requirement.op = Operator::absent;
            return requirement;
        }
        skip_blanks();
        if (rest_.empty() || rest_.front() == ',') return requirement;
        SALVOR_CHECK(comparison(requirement));
        return requirement;
    }

    Result<void> comparison(Requirement& requirement) {
        if (take("==") || take("=")) return value(requirement, Operator::in);
        if (take("!=")) return value(requirement, Operator::not_in);
        if (take(">")) return bound(requirement, Operator::greater);
        if (take("<")) return bound(requirement, Operator::less);
        const auto op = word();
        if (op != "in" && op != "notin") return wrong("one of = == != < > in notin");
        return values(requirement, op == "in" ? Operator::in : Operator::not_in);
    }

    Result<void> value(Requirement& requirement, Operator op) {
        skip_blanks();
        requirement.op = op;
        requirement.values.push_back(word());
        return {};
    }

    Result<void> bound(Requirement& requirement, Operator op) {
        SALVOR_CHECK(value(requirement, op));
        if (!number(requirement.values[0])) return wrong("a whole number behind < or >");
        return {};
    }

    Result<void> values(Requirement& requirement, Operator op) {
        requirement.op = op;
        skip_blanks();
        if (!take("(")) return wrong("an opening parenthesis");
        do {
            skip_blanks();
            requirement.values.push_back(word());
            skip_blanks();
        } while (take(","));
        if (!take(")")) return wrong("a closing parenthesis");
        return {};
    }

    static bool ends_word(char c) { return Bytes("=!,()<> \t\r\n").find(c) != Bytes::npos; }
    std::string word() {
        const auto end = std::find_if(rest_.begin(), rest_.end(), ends_word);
        const auto size = static_cast<std::size_t>(end - rest_.begin());
        std::string found(rest_.substr(0, size));
        rest_.remove_prefix(size);
        return found;
    }
    void skip_blanks() {
        rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size()));
    }
    bool take(Bytes mark) {
        if (!rest_.starts_with(mark)) return false;
        rest_.remove_prefix(mark.size());
        return true;
    }
    std::unexpected<Error> wrong(const char* wanted) const {
        return fail(ErrorCode::usage, "label selector {}: at character {} it needs {}",
                    text::Escaped{text_}, text_.size() - rest_.size() + 1, wanted);
    }

    Bytes text_;
    Bytes rest_;
};

/// Cuts at commas that no backslash stands before.
std::vector<std::string> terms(Bytes text) {
    std::vector<std::string> found(1);
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == ',') {
            found.emplace_back();
            continue;
        }
        found.back() += text[i];
        if (text[i] == '\\' && i + 1 < text.size()) found.back() += text[++i];
    }
    return found;
}

Result<std::string> unescaped(Bytes text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\') {
            if (i + 1 == text.size() || Bytes("\\,=").find(text[i + 1]) == Bytes::npos) {
                return fail(ErrorCode::usage,
                            "field selector value {}: a backslash stands before \\, a comma or =",
                            text::Escaped{text});
            }
            ++i;
        } else if (text[i] == '=') {
            return fail(ErrorCode::usage, "field selector value {}: = needs a backslash before it",
                        text::Escaped{text});
        }
        plain += text[i];
    }
    return plain;
}

Result<Requirement> field_term(Bytes term) {
    const auto equals = term.find('=');
    if (equals == Bytes::npos || equals == 0) {
        return fail(ErrorCode::usage, "field selector {}: it needs FIELD=VALUE or FIELD!=VALUE",
                    text::Escaped{term});
    }
    Requirement requirement;
    const bool differs = term[equals - 1] == '!';
    requirement.key = std::string(term.substr(0, equals - (differs ? 1 : 0)));
    requirement.op = differs ? Operator::not_in : Operator::in;
    auto value = term.substr(equals + 1);
    if (!differs && value.starts_with('=')) value.remove_prefix(1);
    SALVOR_TRY(auto plain, unescaped(value));
    requirement.values.push_back(std::move(plain));
    return requirement;
}

}  // namespace

bool Requirement::holds(std::optional<Bytes> value) const {
    const auto listed = [&] {
        return value && std::find(values.begin(), values.end(), *value) != values.end();
    };
    switch (op) {
        case Operator::exists: return value.has_value();
        case Operator::absent: return !value;
        case Operator::in: return listed();
        case Operator::not_in: return !listed();
        case Operator::greater:
        case Operator::less: break;
    }
    const auto found = value ? number(*value) : std::nullopt;
    const auto bound = values.empty() ? std::nullopt : number(values[0]);
    return found && bound && (op == Operator::greater ? *found > *bound : *found < *bound);
}

Result<Requirements> parse_label_selector(Bytes text) {
    return LabelParser(text).all();
}

Result<Requirements> parse_field_selector(Bytes text) {
    Requirements found;
    for (const auto& term : terms(text)) {
        if (term.empty()) continue;
        SALVOR_TRY(auto requirement, field_term(term));
        found.push_back(std::move(requirement));
    }
    return found;
}

}  // namespace salvor::cluster
