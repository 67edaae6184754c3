#include "formats/kube/manifest_text.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <sstream>
#include <unordered_map>

#include "formats/kube/json.hpp"
#include "formats/kube/yaml_scalar.hpp"
#include "formats/text/escape.hpp"
#include "formats/text/utf8.hpp"

namespace salvor::kube {
namespace {

/// What aliases may unfold to beyond the text itself, more than any folder of manifests has:
/// aliases of aliases unfold without end.
constexpr std::size_t most_unfolded = 300'000;

constexpr std::uint32_t replacement = 0xFFFD;

/// yaml-cpp reads the escapes `\N` and `\_` as single bytes: 85 and A0, which are no UTF-8 by
/// themselves. Most of what is no UTF-8 in the text itself it has replaced before.
std::string with_whole_letters(std::string text) {
    if (text::is_utf8(text)) return text;
    std::string whole;
    for (std::size_t at = 0; at < text.size();) {
        const auto length = text::first_code_point(Bytes(text).substr(at)).size;
        const bool is_half = length == 0 && (text[at] & 0xC0) == 0x80;
        if (is_half) whole += '\xC2';
        if (length == 0 && !is_half) {
            text::append_utf8(whole, replacement);
        } else {
            whole.append(text, at, std::max<std::size_t>(length, 1));
        }
        at += std::max<std::size_t>(length, 1);
    }
    return whole;
}

/// YAML 1.1 breaks lines at U+2028 and U+2029 as well, so that the next line's indentation stands
/// behind them; yaml-cpp, which reads 1.2, takes it for text.
std::string without_inner_indentation(Bytes text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const auto found = text.find("\xE2\x80", at);
        const auto end = found == Bytes::npos ? text.size() : std::min(found + 3, text.size());
        out.append(text.substr(at, end - at));
        at = end;
        if (found == Bytes::npos || (out.back() != '\xA8' && out.back() != '\xA9')) continue;
        at = std::min(text.find_first_not_of(' ', at), text.size());
    }
    return out;
}

class Reader {
 public:
    /// Only aliases are merged: nobody writes out a map behind `<<`, but kubectl prints a member of
    /// that name so.
    Reader(Bytes text, Document& document)
        : merges_(text.find("<<: *") != Bytes::npos || text.find("<<: [*") != Bytes::npos),
          most_nodes_(text.size() + most_unfolded),
          document_(document) {}

    Result<Value> read(const YAML::Node& node, std::size_t depth = 0) {
        if (depth > max_value_depth || ++nodes_ > most_nodes_)
            return fail(ErrorCode::too_large, "line {}: deeper or more than any manifest is",
                        node.Mark().line + 1);
        switch (node.Type()) {
            case YAML::NodeType::Scalar: return scalar(node);
            case YAML::NodeType::Sequence: return sequence(node, depth);
            case YAML::NodeType::Map: return map(node, depth);
            default: return Value{};
        }
    }

 private:
    Value scalar(const YAML::Node& node) {
        const auto text = document_.keep(with_whole_letters(node.Scalar()));
        // "?" is the tag of a plain scalar, "!" of a quoted one.
        const auto& tag = node.Tag();
        const bool is_text =
            tag == "!" || tag == "tag:yaml.org,2002:str" || tag == "tag:yaml.org,2002:binary";
        return is_text ? Value::of(text) : plain_scalar(text);
    }

    Result<Value> sequence(const YAML::Node& node, std::size_t depth) {
        auto list = Value::array();
        for (const auto& item : node) {
            SALVOR_TRY(auto value, read(item, depth + 1));
            list.items.push_back(std::move(value));
        }
        return list;
    }

    /// An object whose members are found at once: a map in a file may have any number.
    class Members {
     public:
        Value object = Value::object();
        void set(std::string_view name, Value value) {
            const auto [place, is_new] = places_.emplace(name, object.members.size());
            if (is_new) object.members.push_back({name, {}});
            object.members[place->second].value = std::move(value);
        }
        bool has(std::string_view name) const { return places_.contains(name); }

     private:
        std::unordered_map<std::string_view, std::size_t> places_;
    };

    Result<Value> map(const YAML::Node& node, std::size_t depth) {
        Members members;
        for (const auto& member : node) {
            if (!member.first.IsScalar())
                return fail(ErrorCode::malformed, "line {}: a member's name is no text",
                            member.first.Mark().line + 1);
            SALVOR_TRY(auto value, read(member.second, depth + 1));
            if (merges_ && member.first.Scalar() == "<<" && member.first.Tag() == "?") {
                merge(members, value);
            } else {
                members.set(document_.keep(with_whole_letters(member.first.Scalar())),
                            std::move(value));
            }
        }
        return std::move(members.object);
    }

    /// `<<: *other`: what is not there by itself comes from the other, or from several.
    static void merge(Members& members, const Value& other) {
        for (const auto& each : other.items) merge(members, each);
        for (const auto& member : other.members) {
            if (!members.has(member.name)) members.set(member.name, member.value);
        }
    }

    bool merges_;
    std::size_t most_nodes_;
    Document& document_;
    std::size_t nodes_ = 0;
};

/// Takes documents, and keeps nothing of them.
class Forgetting : public YAML::EventHandler {
 public:
    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
    void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
    void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t,
                  const std::string&) override {}
    void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                         YAML::EmitterStyle::value) override {}
    void OnSequenceEnd() override {}
    void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                    YAML::EmitterStyle::value) override {}
    void OnMapEnd() override {}
};

/// Where a comma stands between two documents, as in `{"a":1},{"b":2}`, yaml-cpp finds empty ones
/// without end. Of real ones each takes a byte at least.
Result<void> check_that_it_ends(const std::string& text) {
    std::istringstream in(text);
    YAML::Parser parser(in);
    Forgetting taker;
    for (std::size_t documents = 0; parser.HandleNextDocument(taker);) {
        if (++documents > text.size())
            return fail(ErrorCode::malformed, "what stands behind a document begins no other");
    }
    return {};
}

void add(std::vector<Value>& manifests, Value value) {
    if (value.is_null()) return;
    const auto* items = value.find("items");
    if (items && items->is_array() && value.text("kind").ends_with("List")) {
        for (const auto& item : items->items) add(manifests, item);
        return;
    }
    manifests.push_back(std::move(value));
}

}  // namespace

Result<std::vector<Value>> read_manifests(Bytes text, Document& document) try {
    std::vector<Value> manifests;
    const auto start = text.find_first_not_of(" \t\r\n");
    if (start != Bytes::npos && text[start] == '{') {
        if (auto value = parse_json(text, document)) {
            add(manifests, *std::move(value));
            return manifests;
        }
    }
    const auto whole = without_inner_indentation(text);
    SALVOR_CHECK(check_that_it_ends(whole));
    Reader reader(text, document);
    for (const auto& node : YAML::LoadAll(whole)) {
        SALVOR_TRY(auto value, reader.read(node));
        add(manifests, std::move(value));
    }
    return manifests;
} catch (const YAML::Exception& error) {
    return fail(ErrorCode::malformed, "line {}: {}", error.mark.line + 1, text::escape(error.msg));
}

}  // namespace salvor::kube
