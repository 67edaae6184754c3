#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "formats/base/result.hpp"

namespace CLI {
class App;
}

// Options that several commands share, each declared once.

namespace salvor::tool {

enum class Format { text, json };

/// The group of the options that every command has.
constexpr const char* common_group = "common";
/// What every command has: -h/--help, -q/--quiet, and that the last of several wins.
void declare_common(CLI::App& app);
/// An option with a value, which the help calls `value_name`; of a list it may be given several
/// times. Of a Value that options.cpp names: CLI11 takes so long to compile that it stays in few
/// files.
template <class Value>
void add_option(CLI::App& app, const char* names, const char* value_name, Value& value,
                const char* what);
void add_flag(CLI::App& app, const char* names, bool& flag, const char* what);

enum class Need { optional, required };
template <class Value>
void add_positional(CLI::App& app, const char* name, Value& value, const char* what,
                    Need need = Need::optional);

/// The options that were given, name and values as words, but for those named here; no positional.
std::vector<std::string> given_words(const CLI::App& app, std::span<const char* const> but_for);

/// What is said where an argument that a command needs is missing: CLI11's case too.
std::string missing(std::string_view command, std::string_view argument, std::string_view what);
std::unexpected<Error> no_source(std::string_view command);

/// `-o text|json`.
void add_format(CLI::App& app, Format& format);
/// The positional SOURCE, one or several, with the options that open its envelopes. `-` is standard
/// input.
void add_source(CLI::App& app, std::string& source, Need need = Need::required);
void add_sources(CLI::App& app, std::vector<std::string>& sources, Need need = Need::required);
/// The same of a command that opens no envelope.
void add_bare_source(CLI::App& app, std::string& source);

/// Which of Kubernetes' objects: --key KEY, -n, -A, -l.
void add_key(CLI::App& app, std::string& key);
void add_namespace(CLI::App& app, std::string& namespace_name,
                   const char* what = "of this namespace alone");
void add_all_namespaces(CLI::App& app, bool& all);
void add_labels(CLI::App& app, std::string& selector);

}  // namespace salvor::tool
