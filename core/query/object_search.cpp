#include "core/query/object_search.hpp"

#include <algorithm>
#include <map>

#include "core/query/field_sink.hpp"
#include "formats/kube/renderer.hpp"

namespace salvor::query {
namespace {

/// 0 to 63; of both alphabets. -1: no base64.
int base64_digit(char c) {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    if (c == '+' || c == '-') return 62;
    return c == '/' || c == '_' ? 63 : -1;
}

/// As many whole bytes as there are.
std::string from_base64(Bytes digits) {
    std::string out;
    unsigned bits = 0, count = 0;
    for (const char c : digits) {
        bits = bits << 6 | static_cast<unsigned>(base64_digit(c));
        if ((count += 6) < 8) continue;
        count -= 8;
        out += static_cast<char>(bits >> count & 0xFF);
    }
    return out;
}

/// Shorter ones are words.
constexpr std::size_t least_base64 = 6;

/// Calls `each(bytes)` for what stands in a text in base64, until it says yes; from each of the
/// first `starts` digits of a run on.
template <class Each>
void each_base64(Bytes text, std::size_t starts, Each&& each) {
    for (std::size_t at = 0; at < text.size();) {
        auto end = at;
        while (end < text.size() && base64_digit(text[end]) >= 0) ++end;
        const auto run = text.substr(at, end - at);
        for (std::size_t skip = 0; skip < starts && run.size() >= skip + least_base64; ++skip)
            if (each(from_base64(run.substr(skip)))) break;
        at = end + 1;
    }
}

/// What each field of a value says, by path.
std::map<std::string, std::string> fields_of(const kube::Value& value) {
    std::map<std::string, std::string> fields;
    FieldSink* told = nullptr;
    FieldSink sink({}, [&](const Field& field) {
        if (field.kind != Field::Kind::name) fields[told->path()] = field.text;
    });
    told = &sink;
    kube::tell(value, sink);
    return fields;
}

/// Marks what the redactor would not let through.
void mark_secrets(const cluster::Object& object, const cluster::Redactor& redactor,
                  std::vector<FieldHit>& hits) {
    kube::Document document;
    auto value = object.value_tree(document, {true, true});
    if (!value) {
        for (auto& hit : hits) hit.is_secret = true;
        return;
    }
    const auto before = fields_of(*value);
    redactor.redact(object, *value, document);
    const auto after = fields_of(*value);
    for (auto& hit : hits) {
        const auto old = before.find(hit.path), shown = after.find(hit.path);
        hit.is_secret = !hit.is_name && (old == before.end() || shown == after.end() ||
                                         old->second != shown->second);
    }
}

}  // namespace

void search_lines(Bytes text, const Pattern& pattern,
                  const std::function<void(Bytes, std::size_t)>& each) {
    if (text.ends_with('\n')) text.remove_suffix(1);
    if (text.find('\n') == Bytes::npos) {
        if (pattern.holds(text)) each(text, 0);
        return;
    }
    for (std::size_t number = 1;; ++number) {
        const auto end = text.find('\n');
        const auto line = text.substr(0, end);
        if (pattern.holds(line)) each(line, number);
        if (end == Bytes::npos) return;
        text.remove_prefix(end + 1);
    }
}

Result<void> ObjectSearch::search(const cluster::Object& object,
                                  const std::function<void(FieldHit)>& each) const {
    std::vector<FieldHit> hits;
    const bool may_be_secret = cluster::Redactor::concerns(object);
    // A text is found wherever it begins. What an expression finds may be anything, so it is asked
    // only of what is base64 for certain, in copies of Secrets.
    const bool anywhere = pattern_->looks_into_base64();
    const auto looks_into = [&](const FieldSink& at) {
        return anywhere || (may_be_secret && at.path().starts_with("metadata.annotations"));
    };
    FieldSink* told = nullptr;
    FieldSink sink(object.kind(), [&](const Field& field) {
        const bool is_name = field.kind == Field::Kind::name;
        const auto before = hits.size();
        search_lines(field.text, *pattern_, [&](Bytes line, std::size_t number) {
            hits.push_back({told->path(), number, std::string(line), is_name, false, false});
        });
        if (hits.size() > before || field.kind != Field::Kind::text || !looks_into(*told)) return;
        each_base64(field.text, anywhere ? 4 : 1, [&](const std::string& decoded) {
            bool any = false;
            search_lines(decoded, *pattern_, [&](Bytes line, std::size_t) {
                hits.push_back({told->path(), 0, std::string(line), false, true, false});
                any = true;
            });
            return any;
        });
    });
    told = &sink;
    kube::Document document;
    SALVOR_TRY(const auto value, object.value_tree(document, {true, true}));
    kube::tell(value, sink);
    if (may_be_secret && !hits.empty()) mark_secrets(object, redactor_, hits);
    for (auto& hit : hits) each(std::move(hit));
    return {};
}

}  // namespace salvor::query
