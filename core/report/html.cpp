#include "core/report/html.hpp"

#include <fmt/core.h>

#include "formats/base/checksum.hpp"
#include "formats/text/go_json.hpp"

namespace salvor::report {
namespace {

// The files of html/, as the build packs them.
constexpr Bytes style =
#include "report_style.inc"
    ;
constexpr Bytes script =
#include "report_script.inc"
    ;
constexpr Bytes body =
#include "report_body.inc"
    ;

/// The source expression of CSP for one text.
std::string source_of(Bytes text) {
    const auto digest = sha256(text);
    std::string encoded;
    text::append_base64(encoded,
                        Bytes(reinterpret_cast<const char*>(digest.data()), digest.size()));
    return fmt::format("'sha256-{}'", encoded);
}

}  // namespace

std::string json_in_html(Bytes json) {
    // U+2028 and U+2029 are E2 80 A8 and E2 80 A9.
    constexpr Bytes separator = "\xE2\x80";
    std::string safe;
    safe.reserve(json.size());
    for (std::size_t i = 0; i < json.size(); ++i) {
        const bool ends_line = json.substr(i, 2) == separator && i + 2 < json.size() &&
                               (json[i + 2] == '\xA8' || json[i + 2] == '\xA9');
        if (ends_line) {
            safe += json[i + 2] == '\xA8' ? "\\u2028" : "\\u2029";
            i += 2;
        } else if (json[i] == '<') {
            safe += "\\u003c";
        } else {
            safe += json[i];
        }
    }
    return safe;
}

HtmlPage::HtmlPage(TextSink sink) : sink_(std::move(sink)) {
    sink_(fmt::format(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src {}; "
        "script-src {}; base-uri 'none'; form-action 'none'\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta name=\"referrer\" content=\"no-referrer\">\n<title>salvor report</title>\n"
        "<style>{}</style>\n</head>\n<body>\n{}",
        source_of(style), source_of(script), style, body));
}

void HtmlPage::add(Bytes id, Bytes json) {
    begin(id);
    more(json);
    end();
}

void HtmlPage::begin(Bytes id) {
    sink_(fmt::format("<script type=\"application/json\" id=\"data-{}\">", id));
}

void HtmlPage::more(Bytes json) {
    sink_(json_in_html(json));
}

void HtmlPage::end() {
    sink_("</script>\n");
}

void HtmlPage::finish() {
    sink_(fmt::format("<script>{}</script>\n</body>\n</html>\n", script));
}

}  // namespace salvor::report
