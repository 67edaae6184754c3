#include "tools/salvor/write_out.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "formats/text/escape.hpp"

namespace salvor::tool {
namespace {

constexpr std::array names{"simple", "json", "fields", "table"};

std::optional<WriteOut> parse(const std::string& word) {
    const auto* found = std::find(names.begin(), names.end(), word == "text" ? "simple" : word);
    if (found == names.end()) return {};
    return static_cast<WriteOut>(found - names.begin());
}

}  // namespace

void add_write_out(CLI::App& app, WriteOut& write_out, std::initializer_list<WriteOut> taken) {
    std::string words;
    for (const auto one : taken) {
        words += (words.empty() ? "" : one == *(taken.end() - 1) ? " or " : ", ");
        words += names[static_cast<std::size_t>(one)];
    }
    app.add_option_function<std::string>(
           "-w,--write-out,-o,--output",
           [&write_out, words, known = std::vector(taken)](const std::string& word) {
               const auto parsed = parse(word);
               if (!parsed || std::find(known.begin(), known.end(), *parsed) == known.end()) {
                   throw CLI::ValidationError(
                       "-w", fmt::format("{} is not {}", text::escape(word), words));
               }
               write_out = *parsed;
           },
           "format of the answer: " + words + "; simple is the default, and what -o calls text")
        ->type_name("FORMAT");
}

void add_hex(CLI::App& app, bool& hex, const char* what) {
    app.add_flag("--hex", hex, what);
}

}  // namespace salvor::tool
