#include "tools/salvor/options.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <optional>

#include "core/cluster/catalog.hpp"
#include "formats/text/escape.hpp"
#include "tools/salvor/choices.hpp"
#include "tools/salvor/evidence.hpp"
#include "tools/salvor/opening.hpp"
#include "tools/salvor/progress.hpp"

namespace salvor::tool {
namespace {

bool is_resource(std::string_view word) {
    const cluster::Catalog catalog(kube::schema::newest_release);
    const auto kind = word.substr(0, word.find_first_of("/,"));
    return catalog.find(kind) || !catalog.category(kind).empty();
}

/// Whoever types what kubectl takes first is told what comes first here.
std::string refuse_resource(const std::string& word) {
    std::error_code error;
    if (!is_resource(word) || std::filesystem::exists(word, error)) return {};
    return fmt::format(
        "{} is a resource, but the SOURCE comes first: a snapshot, a db file or a data directory",
        text::escape(word));
}

std::string standard_input(std::string& word) {
    word = source_path(word);
    return {};
}

constexpr const char* source_words = "a snapshot, a bare db file, or a member's data directory";

CLI::Option* as_source(CLI::Option* option, Need need) {
    return option->required(need == Need::required)
        ->type_name("")
        ->check(refuse_resource, "")
        ->transform(CLI::Validator(standard_input, ""));
}

}  // namespace

void declare_common(CLI::App& app) {
    app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
    app.set_help_flag("-h,--help", "these lines")->group(common_group);
    app.add_flag_callback("-q,--quiet", silence_progress, "show no progress on a terminal")
        ->group(common_group);
    app.add_option("--evidence", evidence_path(), "write what was read to this new file, as JSON")
        ->type_name("FILE")
        ->group(common_group);
}

template <class Value>
void add_option(CLI::App& app, const char* names, const char* value_name, Value& value,
                const char* what) {
    auto* option = app.add_option(names, value, what)->type_name(value_name);
    if constexpr (requires { value.push_back({}); } && !std::is_same_v<Value, std::string>) {
        option->take_all()->allow_extra_args(false);  // a value each time, so words may follow
    }
}

void add_flag(CLI::App& app, const char* names, bool& flag, const char* what) {
    app.add_flag(names, flag, what);
}

std::vector<std::string> given_words(const CLI::App& app, std::span<const char* const> but_for) {
    std::vector<std::string> words;
    for (const auto* option : app.get_options()) {
        const auto name = option->get_name();
        if (option->count() == 0 || !name.starts_with('-') ||
            std::ranges::find(but_for, name) != but_for.end()) {
            continue;
        }
        words.push_back(name);
        if (option->get_items_expected_max() == 0) continue;
        for (const auto& value : option->results()) words.push_back(value);
    }
    return words;
}

template <class Value>
void add_positional(CLI::App& app, const char* name, Value& value, const char* what, Need need) {
    app.add_option(name, value, what)->required(need == Need::required)->type_name("");
}

#define SALVOR_OPTION_VALUE(...)                                                              \
    template void add_option(CLI::App&, const char*, const char*, __VA_ARGS__&, const char*); \
    template void add_positional(CLI::App&, const char*, __VA_ARGS__&, const char*, Need)
SALVOR_OPTION_VALUE(std::string);
SALVOR_OPTION_VALUE(std::int64_t);
SALVOR_OPTION_VALUE(std::uint64_t);
SALVOR_OPTION_VALUE(std::optional<std::string>);
SALVOR_OPTION_VALUE(std::optional<std::filesystem::path>);
SALVOR_OPTION_VALUE(std::vector<std::string>);
SALVOR_OPTION_VALUE(std::vector<std::uint64_t>);
#undef SALVOR_OPTION_VALUE

std::string missing(std::string_view command, std::string_view argument, std::string_view what) {
    return fmt::format("{}: {} is missing: {}; see `salvor {} --help`", command, argument, what,
                       command);
}

std::unexpected<Error> no_source(std::string_view command) {
    return fail(ErrorCode::usage, "{}", missing(command, "SOURCE", source_words));
}

void add_format(CLI::App& app, Format& format) {
    auto* option = app.add_option_function<std::string>(
        "-o,--output",
        [&format](const std::string& word) {
            format = word == "json" ? Format::json : Format::text;
        },
        "format of the answer: text (the default) or json");
    take_only(option->type_name("FORMAT"), {"text", "json"});
}

void add_bare_source(CLI::App& app, std::string& source) {
    as_source(app.add_option("SOURCE", source, source_words), Need::required);
}

void add_source(CLI::App& app, std::string& source, Need need) {
    add_opening(app);
    as_source(app.add_option("SOURCE", source, source_words), need);
}

void add_sources(CLI::App& app, std::vector<std::string>& sources, Need need) {
    add_opening(app);
    as_source(app.add_option("SOURCE", sources, source_words), need);
}

void add_key(CLI::App& app, std::string& key) {
    add_option(app, "--key", "KEY", key, "the object that is stored at this etcd key");
}

void add_namespace(CLI::App& app, std::string& namespace_name, const char* what) {
    add_option(app, "-n,--namespace", "NAMESPACE", namespace_name, what);
}

void add_all_namespaces(CLI::App& app, bool& all) {
    add_flag(app, "-A,--all-namespaces", all, "of all namespaces, which is the default");
}

void add_labels(CLI::App& app, std::string& selector) {
    add_option(app, "-l,--selector", "SELECTOR", selector,
               "with such labels: a=b,c!=d,e in (f,g),!h");
}

}  // namespace salvor::tool
