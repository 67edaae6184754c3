#include "tools/salvor/write_out.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "tools/salvor/choices.hpp"

namespace salvor::tool {
namespace {

constexpr std::array names{"simple", "json", "fields", "table"};

/// Of a word that is one of `names`, or "text".
WriteOut parse(const std::string& word) {
    const auto* found = std::find(names.begin(), names.end(), word == "text" ? "simple" : word);
    return static_cast<WriteOut>(found - names.begin());
}

}  // namespace

void add_write_out(CLI::App& app, WriteOut& write_out, std::initializer_list<WriteOut> taken) {
    std::string list;
    std::vector<std::string> words;
    for (const auto one : taken) {
        words.emplace_back(names[static_cast<std::size_t>(one)]);
        list += (list.empty() ? "" : one == *(taken.end() - 1) ? " or " : ", ") + words.back();
    }
    words.emplace_back("text");
    auto* option = app.add_option_function<std::string>(
        "-w,--write-out,-o,--output",
        [&write_out](const std::string& word) { write_out = parse(word); },
        "format of the answer: " + list + "; simple is the default, and what -o calls text");
    take_only(option->type_name("FORMAT"), words);
}

void add_hex(CLI::App& app, bool& hex, const char* what) {
    app.add_flag("--hex", hex, what);
}

}  // namespace salvor::tool
