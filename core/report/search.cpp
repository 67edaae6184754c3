#include "core/report/search.hpp"

#include <fmt/format.h>

#include "core/report/json_items.hpp"
#include "formats/text/escape.hpp"

namespace salvor::report {
namespace {

using query::FieldHit;
using query::Found;
using text::Escaped;

/// A key that is no object's, or has its secret in its name.
bool is_bare_key(const Found& found) {
    return !found.item || !found.item->key.type || found.key.size() != found.item->row.key.size();
}

/// "configmaps/settings in namespace shop", or the key.
std::string words_of(const Found& found) {
    if (is_bare_key(found)) return text::escape(found.key);
    const auto& key = found.item->key;
    return fmt::format("{}/{}{}{}", key.type->full_name(), Escaped{key.name},
                       key.namespace_name.empty() ? "" : " in namespace ",
                       Escaped{key.namespace_name});
}

class TextPrinter : public SearchPrinter {
 public:
    TextPrinter(const SearchStyle& style, TextSink sink) : style_(style), sink_(std::move(sink)) {}

    void add(const std::string& source, const Found& found) override {
        auto head = style_.names_sources ? text::escape(source) + ": " : std::string();
        head += words_of(found);
        if (style_.all_revisions) head += fmt::format(" @{}", found.revision);
        if (style_.objects_only) return line(head);
        if (found.key_matches) line(fmt::format("{}: key: {}", head, Escaped{found.key}));
        for (const auto& hit : found.fields) line(fmt::format("{}: {}", head, field_words(hit)));
    }
    void count(const std::string& source, std::uint64_t matches) override {
        line(style_.names_sources ? fmt::format("{}: {}", Escaped{source}, matches)
                                  : std::to_string(matches));
    }
    void finish() override {}

 private:
    void line(const std::string& text) { sink_(text + "\n"); }

    std::string field_words(const FieldHit& hit) const {
        auto words = hit.path.empty() ? std::string("value") : text::escape_message(hit.path);
        if (hit.is_name) return words;
        if (hit.line > 0) words += fmt::format(":{}", hit.line);
        if (hit.in_base64) words += " (base64)";
        if (hit.is_secret && !style_.show_secrets) return words + ": (secret)";
        return words + ": " + text::escape(hit.text);
    }

    SearchStyle style_;
    TextSink sink_;
};

class JsonPrinter : public SearchPrinter {
 public:
    JsonPrinter(const SearchStyle& style, TextSink sink)
        : style_(style),
          items_(style.format == SearchStyle::Format::jsonl ? JsonItems::As::lines
                                                            : JsonItems::As::document,
                 std::move(sink)) {
        if (!items_.is_document()) return;
        items_.json().begin_object();
        items_.json().key("matches");
        items_.json().begin_array();
    }

    void add(const std::string& source, const Found& found) override {
        if (style_.objects_only) return item(source, found, nullptr);
        if (found.key_matches) item(source, found, nullptr);
        for (const auto& hit : found.fields) item(source, found, &hit);
    }
    void count(const std::string& source, std::uint64_t matches) override {
        items_.begin();
        tell_text(items_.json(), "source", text::escape(source));
        tell_number(items_.json(), "count", matches);
        items_.end();
    }
    void finish() override { items_.finish_list(); }

 private:
    void item(const std::string& source, const Found& found, const FieldHit* hit) {
        items_.begin();
        auto& json = items_.json();
        tell_text(json, "source", text::escape(source));
        tell_text(json, "key", text::escape(found.key));
        if (!is_bare_key(found)) {
            const auto& key = found.item->key;
            tell_text(json, "resource", key.type->full_name());
            tell_text(json, "namespace", text::escape(key.namespace_name));
            tell_text(json, "name", text::escape(key.name));
        }
        tell_number(json, "revision", found.revision);
        if (!style_.objects_only) field(json, hit);
        items_.end();
    }

    void field(text::JsonWriter& json, const FieldHit* hit) const {
        tell_text(json, "matched", !hit ? "key" : hit->is_name ? "name" : "value");
        if (!hit) return;
        tell_text(json, "path", hit->path);
        if (hit->is_name) return;
        if (hit->line > 0) tell_number(json, "line", hit->line);
        json.key("base64");
        json.boolean(hit->in_base64);
        json.key("secret");
        json.boolean(hit->is_secret);
        json.key("text");
        if (hit->is_secret && !style_.show_secrets) {
            json.null();
        } else {
            json.string(text::escape(hit->text));
        }
    }

    SearchStyle style_;
    JsonItems items_;
};

}  // namespace

std::unique_ptr<SearchPrinter> search_printer(const SearchStyle& style, TextSink sink) {
    if (style.format == SearchStyle::Format::text)
        return std::make_unique<TextPrinter>(style, std::move(sink));
    return std::make_unique<JsonPrinter>(style, std::move(sink));
}

std::uint64_t lines_of(const Found& found, const SearchStyle& style) {
    return style.objects_only ? 1 : found.fields.size() + (found.key_matches ? 1 : 0);
}

}  // namespace salvor::report
