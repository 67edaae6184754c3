#include "core/report/html_keys.hpp"

#include <fmt/core.h>

#include <array>

#include "core/diff/key_events.hpp"
#include "core/diff/raw_value.hpp"
#include "core/report/html_objects.hpp"
#include "core/report/timeline.hpp"
#include "formats/text/escape.hpp"
#include "formats/text/hex_dump.hpp"
#include "formats/text/human.hpp"
#include "formats/text/utf8.hpp"

namespace salvor::report {
namespace {

constexpr std::size_t text_shown = 4096;  ///< bytes of a value
constexpr std::size_t hex_shown = 1024;
constexpr std::size_t change_shown = 300;

/// At most so many bytes, no character cut.
Bytes beginning(Bytes text, std::size_t most) {
    if (text.size() <= most) return text;
    while (most > 0 && (text[most] & 0xC0) == 0x80) --most;
    return text.substr(0, most);
}

bool is_text(Bytes value) {
    return text::is_utf8(value) && std::all_of(value.begin(), value.end(), [](char c) {
               return static_cast<unsigned char>(c) >= ' ' || c == '\n' || c == '\t' || c == '\r';
           });
}

std::string value_text(Bytes value) {
    if (value.empty()) return "(empty)";
    const bool is_shown_as_text = is_text(value);
    const auto shown = is_shown_as_text ? beginning(value, text_shown) : value.substr(0, hex_shown);
    auto words = is_shown_as_text ? std::string(shown) : text::hex_dump(shown, 0);
    if (shown.size() < value.size()) {
        words += fmt::format("{}... and {} more", is_shown_as_text ? "\n" : "",
                             text::counted(value.size() - shown.size(), "byte", "bytes"));
    }
    return words;
}

/// A key in three: `/app/`, `config/`, `a/b`; what is not there is empty.
std::array<Bytes, 3> parts_of(Bytes key) {
    std::array<Bytes, 3> parts{"", "", key};
    if (!is_text(key)) return parts;
    for (std::size_t i = 0; i < 2; ++i) {
        const auto end = parts[2].find('/', i == 0 ? 1 : 0);
        if (end == Bytes::npos || parts[2].empty()) break;
        parts[i] = parts[2].substr(0, end + 1);
        parts[2].remove_prefix(end + 1);
    }
    return parts;
}

void add_list(HtmlPage& page, const timeline::State& state) {
    RowList list(page);
    for (std::size_t i = 0; i < state.size(); ++i) {
        const auto row = state[i];
        list.add([&](text::JsonWriter& json) {
            for (const auto part : parts_of(row.key)) json.string(text::escape(part));
            json.integer(row.mod_revision);
            json.unsigned_integer(row.key.size() + row.value.size());
            json.string(row.key);
        });
    }
    list.finish();
}

}  // namespace

void add_keys(HtmlPage& page, const timeline::State& state) {
    page.add("keys", "true");
    add_list(page, state);
    const cluster::Redactor redactor;
    const diff::RawValues values(false, false, redactor);
    TextParts texts(page);
    for (std::size_t i = 0; i < state.size(); ++i) {
        const auto row = state[i];
        texts.add(values.is_redacted(row.value) ? redactor.in_place_of(row.value)
                                                : value_text(row.value));
    }
    texts.finish();
}

Result<void> add_key_events(HtmlPage& page, const bbolt::Database& db) {
    page.begin("timeline");
    const auto printer =
        timeline_printer(TimelineFormat::json, [&](Bytes text) { page.more(text); });
    auto told = diff::tell_key_events(
        db,
        [&](const diff::Event& event) {
            auto shown = event;
            shorten(shown.changes);
            printer->add(shown);
        },
        [&](const diff::Gap& gap) { printer->add(gap); });
    printer->finish();
    page.end();
    return told;
}

void shorten(cluster::Changes& changes) {
    const auto cut = [&](std::optional<kube::Value>& value) {
        if (!value || !value->is_string() || value->string.size() <= change_shown) return;
        const auto size = value->string.size();
        const auto shown = beginning(value->string, change_shown);
        value = kube::Value::of(changes.texts.emplace_back(
            fmt::format("{}... ({})", shown, text::counted(size, "byte", "bytes"))));
    };
    for (auto& field : changes.fields) {
        cut(field.before);
        cut(field.after);
    }
}

}  // namespace salvor::report
